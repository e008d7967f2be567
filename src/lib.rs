//! Bayplan.
pub mod diag;
pub mod layout;
pub mod model;
pub mod names;
pub mod object;
pub mod resolve;
pub mod source;
pub mod spec;

#[cfg(test)]
mod scratch {
    #[test]
    fn wrightnow() {
        let mut sources = crate::source::Sources::default();
        let file = sources.add("platform.toml", include_str!("../platform.toml"));
        let mut doc = crate::spec::parse(&sources, file).unwrap();
        let shape = crate::spec::Shape::default();
        let problems = shape.check(&mut doc);
        for p in &problems {
            println!("{p:?}");
        }
        let files = std::collections::BTreeMap::new();
        for e in [None, Some("local"), Some("staging"), Some("production")] {
            let out = crate::resolve::resolve(crate::resolve::Input {
                document: &doc,
                sources: &sources,
                files: &files,
                environment: e,
            });
            println!("== {e:?}");
            for w in &out.warnings {
                println!(
                    "W {} {:?}",
                    w.message,
                    w.labels.first().map(|l| sources.locate(l.span.file, l.span.start))
                );
            }
            match out.value {
                Ok(r) => println!("{:#?}", r.platform),
                Err(es) => {
                    for w in es {
                        println!(
                            "E {} {:?}",
                            w.message,
                            w.labels.first().map(|l| sources.locate(l.span.file, l.span.start))
                        );
                    }
                }
            }
        }
        panic!();
    }
}
