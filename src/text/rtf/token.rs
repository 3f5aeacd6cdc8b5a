//! Splits RTF into tokens (RTF 1.6, "RTF Syntax").

/// A token of RTF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word: `\fs24`. The blank that ends it belongs to it.
    Word {
        /// Its letters: `fs`.
        name: &'a str,
        /// Its number. One that does not fit becomes the nearest that does.
        parameter: Option<i32>,
    },
    /// A control symbol, which is one character: `\~`. A backslash at the end is the symbol `\`.
    Symbol(char),
    /// `\'hh`: a byte in a code page.
    Byte(u8),
    /// Characters without a backslash or brace. It is not empty.
    Text(&'a str),
}

/// The tokens of a text, each with the byte where it begins.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The tokens of `text`. None is longer than the text, and all together take its length.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the characters up to the first that is not `wanted`.
    fn take(&mut self, wanted: fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|character| !wanted(character)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// What follows a backslash.
    fn control(&mut self) -> Token<'a> {
        let name = self.take(|character| character.is_ascii_alphabetic());
        if !name.is_empty() {
            return Token::Word { name, parameter: self.parameter() };
        }
        let Some(symbol) = self.rest().chars().next() else { return Token::Symbol('\\') };
        self.at += symbol.len_utf8();
        let digits = self.rest().get(..2).filter(|_| symbol == '\'');
        let byte = digits.and_then(|digits| {
            let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            u8::from_str_radix(digits, 16).ok().filter(|_| hex)
        });
        let Some(byte) = byte else { return Token::Symbol(symbol) };
        self.at += 2;
        Token::Byte(byte)
    }

    /// The number after a control word, and the blank that ends the word.
    fn parameter(&mut self) -> Option<i32> {
        let rest = self.rest();
        let negative = rest.starts_with('-');
        let unsigned = if negative { rest.get(1..).unwrap_or_default() } else { rest };
        let mut number = None;
        if unsigned.starts_with(|digit: char| digit.is_ascii_digit()) {
            self.at += usize::from(negative);
            let digits = self.take(|digit| digit.is_ascii_digit());
            let sign = if negative { -1 } else { 1 };
            number = Some(digits.bytes().fold(0_i32, |number, digit| {
                number.saturating_mul(10).saturating_add(sign * i32::from(digit - b'0'))
            }));
        }
        if self.rest().starts_with(' ') {
            self.at += 1;
        }
        number
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let begin = self.at;
        let token = match self.rest().bytes().next()? {
            b'{' => {
                self.at += 1;
                Token::Open
            }
            b'}' => {
                self.at += 1;
                Token::Close
            }
            b'\\' => {
                self.at += 1;
                self.control()
            }
            _ => Token::Text(self.take(|character| !matches!(character, '{' | '}' | '\\'))),
        };
        Some((begin, token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).map(|(_, token)| token).collect()
    }

    const fn word(name: &str, parameter: Option<i32>) -> Token<'_> {
        Token::Word { name, parameter }
    }

    #[test]
    fn tokens_are_groups_words_symbols_bytes_and_text() {
        let expected = [
            Token::Open,
            word("b", None),
            Token::Text("a b"),
            word("fs", Some(24)),
            Token::Byte(0xe9),
            Token::Symbol('~'),
            Token::Symbol('{'),
            Token::Close,
        ];
        assert_eq!(tokens(r"{\b a b\fs24\'E9\~\{}"), expected);
    }

    #[test]
    fn a_word_takes_one_blank_and_no_more() {
        assert_eq!(tokens(r"\b  x"), [word("b", None), Token::Text(" x")]);
        assert_eq!(tokens(r"\up20raised"), [word("up", Some(20)), Token::Text("raised")]);
        assert_eq!(tokens(r"\li-360-x"), [word("li", Some(-360)), Token::Text("-x")]);
        assert_eq!(tokens(r"\b-x"), [word("b", None), Token::Text("-x")]);
    }

    #[test]
    fn a_number_that_does_not_fit_becomes_the_nearest() {
        let digits = "9".repeat(500);
        assert_eq!(tokens(&format!(r"\fs{digits}")), [word("fs", Some(i32::MAX))]);
        assert_eq!(tokens(&format!(r"\fs-{digits}")), [word("fs", Some(i32::MIN))]);
    }

    #[test]
    fn a_byte_has_two_hex_digits() {
        assert_eq!(tokens(r"\'4"), [Token::Symbol('\''), Token::Text("4")]);
        assert_eq!(tokens(r"\'+4"), [Token::Symbol('\''), Token::Text("+4")]);
        assert_eq!(tokens(r"\'é1"), [Token::Symbol('\''), Token::Text("é1")]);
    }

    #[test]
    fn a_backslash_at_the_end_is_a_symbol() {
        assert_eq!(tokens(r"a\"), [Token::Text("a"), Token::Symbol('\\')]);
    }
}
