//! The text form of Prometheus, version 0.0.4: one family after the other, each with what it is for and its kind.

use std::fmt::Write;

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// only grows while the program runs
    Counter,
    /// goes up and down
    Gauge,
    /// how many were at most so long
    Histogram,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        }
    }
}

/// A page of figures that is being written.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
    family: &'static str,
}

impl Exposition {
    /// Begins a family of figures. Its name ends with its unit, and with `_total` when it is counted.
    pub fn family(&mut self, name: &'static str, kind: Kind, help: &str) -> &mut Exposition {
        self.family = name;
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {}", kind.word());
        self
    }

    /// A figure of the family.
    pub fn figure(&mut self, labels: &[(&str, &str)], value: f64) -> &mut Exposition {
        self.line("", labels, value)
    }

    /// A whole number of the family. Up to 2^53 it is exact.
    pub fn whole(&mut self, labels: &[(&str, &str)], value: u64) -> &mut Exposition {
        self.line("", labels, value as f64)
    }

    /// A histogram: upper bounds with how many were below each, how many in all, and their sum.
    pub fn histogram(&mut self, below: &[(f64, u64)], count: u64, sum: f64) -> &mut Exposition {
        for (bound, count) in below {
            self.line("_bucket", &[("le", &bound.to_string())], *count as f64);
        }
        self.line("_bucket", &[("le", "+Inf")], count as f64);
        self.line("_sum", &[], sum);
        self.line("_count", &[], count as f64)
    }

    /// The whole page.
    pub fn into_text(self) -> String {
        self.text
    }

    fn line(&mut self, ending: &str, labels: &[(&str, &str)], value: f64) -> &mut Exposition {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.text, "{}{ending}{labels} {value}", self.family);
        self
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_as_the_form_wants_it() {
        let mut page = Exposition::default();
        page.family("a_total", Kind::Counter, "two\nlines \\").whole(&[("of", "x\"y\\z\n")], 3);
        page.family("b_seconds", Kind::Histogram, "b").histogram(&[(0.005, 1), (1.0, 2)], 3, 4.5);
        assert_eq!(
            page.into_text(),
            "# HELP a_total two\\nlines \\\\\n# TYPE a_total counter\na_total{of=\"x\\\"y\\\\z\\n\"} 3\n\
             # HELP b_seconds b\n# TYPE b_seconds histogram\nb_seconds_bucket{le=\"0.005\"} 1\n\
             b_seconds_bucket{le=\"1\"} 2\nb_seconds_bucket{le=\"+Inf\"} 3\nb_seconds_sum 4.5\nb_seconds_count 3\n"
        );
    }
}
