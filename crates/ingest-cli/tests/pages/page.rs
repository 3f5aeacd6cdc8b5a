//! The commands of a page and what it shows of their output.

/// A block of commands, and the block with a part of their output, if one follows.
#[derive(Debug)]
pub struct Step {
    /// The commands, one a line, without comments.
    pub commands: Vec<String>,
    /// Lines of the output. One that ends with `…` is the beginning of a line; one that is only `…`
    /// stands for any number of lines.
    pub shown: Vec<String>,
}

/// The steps of a page: blocks of `sh`, and blocks without a language as their output.
pub fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let block = lines.by_ref().take_while(|line| !line.starts_with("```")).map(str::to_owned);
        match language {
            "sh" => {
                let text = block.collect::<Vec<_>>().join("\n").replace("\\\n", "");
                let command =
                    |line: &str| line.split(" # ").next().unwrap_or_default().trim().to_owned();
                steps.push(Step {
                    commands: text.lines().map(command).collect(),
                    shown: Vec::new(),
                });
            }
            "" => {
                let step = steps.last_mut().unwrap();
                step.shown.extend(block);
            }
            // A file of the user's.
            _ => drop(block.count()),
        }
    }
    steps
}

/// Whether what is shown is printed, in this order. The error is the first line that is not.
pub fn compare(shown: &[String], printed: &str) -> Result<(), String> {
    let printed: Vec<String> = printed.lines().map(without_times).collect();
    let mut rest = printed.as_slice();
    for line in shown.iter().map(|line| without_times(line)) {
        if line.trim().is_empty() || line == "…" {
            continue;
        }
        let matches = |found: &String| match line.strip_suffix('…') {
            Some(beginning) => found.starts_with(beginning),
            None => *found == line,
        };
        match rest.iter().position(matches) {
            Some(place) => rest = rest.get(place + 1..).unwrap_or_default(),
            None => return Err(line),
        }
    }
    Ok(())
}

/// A line with `_` in place of times, which differ from run to run.
fn without_times(line: &str) -> String {
    let words: Vec<&str> = line.trim_end().split(' ').collect();
    let number = |word: &str| {
        let word = word.trim_start_matches('(');
        !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let unit = |word: Option<&&str>| {
        word.is_some_and(|word| matches!(word.trim_end_matches([')', ',', ';', ':']), "ms" | "s"))
    };
    let timeless = words
        .iter()
        .enumerate()
        .map(|(at, word)| if number(word) && unit(words.get(at + 1)) { "_" } else { word });
    timeless.collect::<Vec<_>>().join(" ")
}

#[test]
fn page_lines_are_compared_in_order_without_times() {
    let shown: Vec<String> = ["a in 0.9 s", "…", "c: no…"].map(str::to_owned).into();
    assert_eq!(compare(&shown, "x\na in 12 s\nb\nc: nothing\n"), Ok(()));
    assert_eq!(compare(&shown, "c: nothing\na in 1 s\n"), Err("c: no…".to_owned()));
    assert_eq!(compare(&shown, "a in 1 m\nc: no\n"), Err("a in _ s".to_owned()));
}
