//! The text of `docs/performance.md`: a table of each group, with a column for each run.

use super::{
    history::{History, Line, Run},
    table::number,
};

/// A ratio that is worse by more than this part than in the run before is named.
pub const SLIDE: f64 = 0.1;

const HEAD: &str = "\
# Performance

`cargo xtask bench` writes this page. Each number is a ratio: ours divided by the peer's, both
measured alternately in one run, with one thread each unless the row says otherwise. The peer is
named after the slash; where a goal is a fixed amount, the amount takes its place. A column is a
run, newest first, and earlier runs remain so that a slide is seen. `–` means that a run did not
measure the row. Runs on different machines are comparable in their ratios only.
";

/// The page of these runs. `growth` says whether the drawing of `cargo xtask bench --scaling` is
/// there.
pub fn markdown(history: &History, growth: bool) -> String {
    let mut page = HEAD.to_owned();
    if history.runs.is_empty() {
        page += "\nNo run is recorded yet.\n";
    }
    for (group, lines) in history.groups() {
        page += &format!("\n## {group}\n\n{}", table(history, &lines));
    }
    let slides = history.slides(SLIDE);
    if !slides.is_empty() {
        page += "\n## Worse than before\n\nBy more than a tenth, than in the last run on the same machine:\n\n";
        for (now, before) in slides {
            let [now_ratio, ratio] = [now, before].map(|row| row.ratio().unwrap_or(f64::NAN));
            page += &format!("- {}: {ratio:.2} became {now_ratio:.2}\n", cell(&now.what));
        }
    }
    if let Some(skipped) =
        history.runs.first().map(|run| &run.skipped).filter(|skipped| !skipped.is_empty())
    {
        page += "\n## Not measured in the newest run\n\n";
        for what in skipped {
            page += &format!("- {what}\n");
        }
    }
    if growth {
        page += "\n## Growth\n\n![The time of a reply against its pixels, its layers and the size of its \
                 master](scaling.svg)\n\n`cargo xtask bench --scaling` measures this and draws it.\n";
    }
    if !history.runs.is_empty() {
        page += &format!("\n## Runs\n\n{}", runs(history));
    }
    page
}

fn table(history: &History, lines: &[Line<'_>]) -> String {
    let dates = history.runs.iter().map(|run| run.date.clone());
    let mut head = vec!["measured".to_owned(), "goal".to_owned(), "ours / peer".to_owned()];
    head.extend(dates);
    let mut rows = vec![head.clone(), vec!["---".to_owned(); head.len()]];
    rows.extend(lines.iter().map(|line| {
        // The newest run that has the row says what its goal is.
        let newest = line.cells.iter().find_map(|cell| *cell);
        let mut row = vec![cell(line.what)];
        row.push(newest.map_or_else(String::new, |row| row.goal.to_string()));
        let numbers = |row: &super::table::Comparison| {
            format!("{} / {} {}", number(row.ours), number(row.peer), row.unit)
                .trim_end()
                .to_owned()
        };
        row.push(line.cells.first().copied().flatten().map_or_else(|| "–".to_owned(), numbers));
        row.extend(line.cells.iter().map(|cell| {
            let ratio = |ratio: f64, verdict| format!("{ratio:.2}, {verdict}");
            cell.map_or_else(
                || "–".to_owned(),
                |row| {
                    row.ratio().map_or_else(|| "–".to_owned(), |value| ratio(value, row.verdict()))
                },
            )
        }));
        row
    }));
    text(&rows)
}

fn runs(history: &History) -> String {
    let head = ["run (UTC)", "commit", "machine", "load", "versions"];
    let mut rows = vec![head.map(str::to_owned).to_vec(), vec!["---".to_owned(); head.len()]];
    rows.extend(history.runs.iter().map(|run| {
        vec![
            run.date.clone(),
            run.commit.clone().unwrap_or_else(|| "–".to_owned()),
            cell(&run.machine.to_string()),
            run.machine.load.map_or_else(|| "–".to_owned(), |load| format!("{load:.1}")),
            cell(&versions(run)),
        ]
    }));
    text(&rows)
        + "\nThe load is the number of running processes at the start, as `uptime` tells it. On a busy \
           machine\nthe numbers mean little.\n"
}

fn versions(run: &Run) -> String {
    let versions: Vec<String> =
        run.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    versions.join(", ")
}

fn text(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect()
}

/// A text that ends no cell of a table and no line.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::{super::history::tests::run, *};

    #[test]
    fn page_without_runs_says_so() {
        let page = markdown(&History::default(), false);
        assert!(page.contains("No run is recorded yet."), "{page}");
        assert!(!page.contains("scaling.svg") && !page.contains("## Runs"), "{page}");
    }

    #[test]
    fn page_has_a_column_for_each_run_and_verdicts_in_words() {
        let history = History::default()
            .add(run("day 1", &[("former", 1.0, 1.0), ("both", 2.0, 1.0)]))
            .add(run("day 2", &[("new", 3.0, 2.0), ("both", 0.5, 1.0)]));
        let page = markdown(&history, true);
        for line in [
            "| measured | goal | ours / peer | day 2 | day 1 |",
            "| new | at most 1.00 | 3.00 / 2.00 ms | 1.50, missed | – |",
            "| both | at most 1.00 | 0.500 / 1.00 ms | 0.50, hit | 2.00, missed |",
            "| former | at most 1.00 | – | – | 1.00, hit |",
            "| day 2 | abc1234 | Test CPU, 2 cores, 8 GiB | – | node 22.0.0 |",
        ] {
            assert!(page.contains(&format!("{line}\n")), "{line} is not in\n{page}");
        }
        assert!(page.contains("](scaling.svg)"), "{page}");
    }

    #[test]
    fn page_has_the_same_form_after_the_same_run_again() {
        let day = |name: &str| run(name, &[("a", 1.0, 2.0), ("b | c", 3.0, 2.0)]);
        let once = History::default().add(day("day 1"));
        let twice = History::parse(&once.to_text().unwrap()).unwrap().add(day("day 2"));
        let (once, twice) = (markdown(&once, false), markdown(&twice, false));
        let headings = |page: &str| -> Vec<String> {
            page.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
        };
        assert_eq!(headings(&once), headings(&twice));
        // The second run adds its line to the list of runs and a column to each table.
        assert_eq!(once.lines().count() + 1, twice.lines().count());
        assert!(twice.contains("| b \\| c | at most 1.00 |"), "{twice}");
    }

    #[test]
    fn page_names_what_slid_and_what_was_skipped() {
        let mut second = run("day 2", &[("a", 3.0, 2.0)]);
        second.skipped = vec!["tiles: wrk is not installed".to_owned()];
        let page =
            markdown(&History::default().add(run("day 1", &[("a", 2.0, 2.0)])).add(second), false);
        assert!(page.contains("\n- a: 1.00 became 1.50\n"), "{page}");
        assert!(page.contains("\n- tiles: wrk is not installed\n"), "{page}");
    }
}
