//! The diagnostics of charts and delivery.

use crate::diag::{Code, Severity};

/// Charts that wait for one another.
pub static CHART_CYCLE: Code = Code {
    name: "chart-cycle",
    severity: Severity::Error,
    docs: "## What it means\n\
           Charts, or Applications of Argo CD, name one another in `after`, in a circle.\n\
           \n\
           ## Why it matters\n\
           Within a circle nothing can be installed first, so there is no order of sync waves.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [charts.loki]\n\
           after = [\"grafana\"]\n\
           \n\
           [charts.grafana]\n\
           after = [\"loki\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Remove one of the edges: most charts start without the other and find it later.",
};
