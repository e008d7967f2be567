# The developer's verbs. `just` lists them; each is one command that you can type yourself.

_default:
    @just --list

# All tests. A filter after it runs some: `just test tidy`
test *filter:
    cargo test {{ filter }}

# Format, and refuse every warning
lint:
    cargo fmt
    cargo clippy --all-targets -- -D warnings

# Write out/ from platform.toml
render *environments:
    cargo run -- render {{ environments }}

# Write schemas/ from the Rust types and from k8s-openapi
schemas:
    cargo run --example generate_schemas

# Take the output of the tests as the new snapshots; review them with `git diff`
snapshots:
    INSTA_UPDATE=always cargo test

# How long a compilation and a whole render take
bench:
    cargo bench

# The library's documentation, in a browser
doc:
    cargo doc --no-deps --open

# Licences, advisories and banned crates of the dependencies (needs cargo-deny)
deny:
    cargo deny check

# What continuous integration runs
ci:
    .ci/run
