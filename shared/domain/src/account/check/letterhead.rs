//! What an issuer chooses for its letterhead and its numbers.

use crate::invoice::written;
use crate::problem::{Problem, line};

/// Longest address of a web site, in characters.
const WEBSITE_LENGTH: usize = 100;
/// Longest number as printed, with six digits at least.
pub const NUMBER_LENGTH: usize = 20;
/// Least contrast to white at which text can be read by most (WCAG 2.2, 1.4.3), in tenths.
const LEAST_CONTRAST: u32 = 45;

/// A web site as printed: a host with a dot, perhaps with `https://` in front and a path behind.
///
/// # Errors
/// [`Problem::NotAWebsite`], or what is wrong with the line.
pub fn website(text: &str) -> Result<String, Problem> {
    let text = line(text, WEBSITE_LENGTH)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let host = rest.split('/').next().unwrap_or_default();
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|character| character.is_alphanumeric() || character == '-')
    };
    let fits =
        host.contains('.') && host.split('.').all(label) && rest.chars().all(|character| !character.is_whitespace());
    if fits { Ok(text) } else { Err(Problem::NotAWebsite) }
}

/// A colour `#rrggbb` in which text can be read on white paper, in lower case.
///
/// # Errors
/// [`Problem::Missing`], [`Problem::NotAColour`] or [`Problem::TooLight`].
pub fn colour(text: &str) -> Result<String, Problem> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(Problem::NotAColour)?;
    let part = |from: usize| {
        let pair = digits.get(from..from + 2)?;
        let value = pair.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| usize::from_str_radix(pair, 16))?;
        LINEAR.get(value.ok()?).copied()
    };
    let (Some(red), Some(green), Some(blue)) = (part(0), part(2), part(4)) else { return Err(Problem::NotAColour) };
    let contrast = contrast_to_white(red, green, blue);
    if contrast < LEAST_CONTRAST { Err(Problem::TooLight { contrast_tenths: contrast }) } else { Ok(text) }
}

/// Contrast to white in tenths, rounded down (WCAG 2.2, definitions of relative luminance and contrast ratio), of a colour in
/// millionths of full light.
fn contrast_to_white(red: u32, green: u32, blue: u32) -> u32 {
    let part = |light: u32, share: u64| u64::from(light) * share;
    let luminance = (part(red, 2126) + part(green, 7152) + part(blue, 722)) / 10_000;
    // At most 210: the contrast of black.
    u32::try_from(10_500_000 / (luminance + 50_000)).unwrap_or(u32::MAX)
}

/// How numbers are written: `{prefix}`, then `{year}` or `{yy}`, then `{number}` or `{number:5}`, each once and in this order,
/// with one of `-`, `.` and `_` between them and nothing else.
///
/// Whatever formats follow one another, no two invoices of an issuer are ever printed alike: a prefix is letters only, so the
/// letters of a printed number are its prefix, its first digits the year, its last ones the place in the series (I1).
/// That is why the order is fixed and letters and digits of one's own are refused.
///
/// # Errors
/// [`Problem::Missing`], [`Problem::NotANumberFormat`] or [`Problem::TooLong`].
pub fn number_format(text: &str, prefix: &str) -> Result<String, Problem> {
    let format = text.trim();
    if format.is_empty() {
        return Err(Problem::Missing);
    }
    let rest = format.strip_prefix("{prefix}").and_then(after_separator);
    let rest = rest.and_then(|rest| rest.strip_prefix("{year}").or_else(|| rest.strip_prefix("{yy}")));
    let rest = rest.and_then(after_separator);
    let is_number = |rest: &str| {
        let digits = rest.strip_prefix("{number:").and_then(|rest| rest.strip_suffix('}'));
        rest == "{number}" || digits.is_some_and(|digits| matches!(digits.as_bytes(), [b'1'..=b'9']))
    };
    if !rest.is_some_and(is_number) {
        return Err(Problem::NotANumberFormat);
    }
    let longest = written(format, prefix, "2026", 999_999);
    if longest.len() > NUMBER_LENGTH { Err(Problem::TooLong { most: NUMBER_LENGTH }) } else { Ok(format.to_owned()) }
}

fn after_separator(rest: &str) -> Option<&str> {
    rest.strip_prefix(['-', '.', '_'])
}

/// Light of each of the 256 steps of a colour in millionths: `((step / 255 + 0.055) / 1.055) ^ 2.4`, below step 11
/// `step / 255 / 12.92`.
#[rustfmt::skip]
const LINEAR: [u32; 256] = [
    0, 304, 607, 911, 1214, 1518, 1821, 2125, 2428, 2732, 3035, 3347, 3677, 4025, 4391, 4777, 5182, 5605, 6049,
    6512, 6995, 7499, 8023, 8568, 9134, 9721, 10_330, 10_960, 11_612, 12_286, 12_983, 13_702, 14_444, 15_209,
    15_996, 16_807, 17_642, 18_500, 19_382, 20_289, 21_219, 22_174, 23_153, 24_158, 25_187, 26_241, 27_321, 28_426,
    29_557, 30_713, 31_896, 33_105, 34_340, 35_601, 36_889, 38_204, 39_546, 40_915, 42_311, 43_735, 45_186, 46_665,
    48_172, 49_707, 51_269, 52_861, 54_480, 56_128, 57_805, 59_511, 61_246, 63_010, 64_803, 66_626, 68_478, 70_360,
    72_272, 74_214, 76_185, 78_187, 80_220, 82_283, 84_376, 86_500, 88_656, 90_842, 93_059, 95_307, 97_587, 99_899,
    102_242, 104_616, 107_023, 109_462, 111_932, 114_435, 116_971, 119_538, 122_139, 124_772, 127_438, 130_136,
    132_868, 135_633, 138_432, 141_263, 144_128, 147_027, 149_960, 152_926, 155_926, 158_961, 162_029, 165_132,
    168_269, 171_441, 174_647, 177_888, 181_164, 184_475, 187_821, 191_202, 194_618, 198_069, 201_556, 205_079,
    208_637, 212_231, 215_861, 219_526, 223_228, 226_966, 230_740, 234_551, 238_398, 242_281, 246_201, 250_158,
    254_152, 258_183, 262_251, 266_356, 270_498, 274_677, 278_894, 283_149, 287_441, 291_771, 296_138, 300_544,
    304_987, 309_469, 313_989, 318_547, 323_143, 327_778, 332_452, 337_164, 341_914, 346_704, 351_533, 356_400,
    361_307, 366_253, 371_238, 376_262, 381_326, 386_429, 391_572, 396_755, 401_978, 407_240, 412_543, 417_885,
    423_268, 428_690, 434_154, 439_657, 445_201, 450_786, 456_411, 462_077, 467_784, 473_531, 479_320, 485_150,
    491_021, 496_933, 502_886, 508_881, 514_918, 520_996, 527_115, 533_276, 539_479, 545_724, 552_011, 558_340,
    564_712, 571_125, 577_580, 584_078, 590_619, 597_202, 603_827, 610_496, 617_207, 623_960, 630_757, 637_597,
    644_480, 651_406, 658_375, 665_387, 672_443, 679_542, 686_685, 693_872, 701_102, 708_376, 715_694, 723_055,
    730_461, 737_910, 745_404, 752_942, 760_525, 768_151, 775_822, 783_538, 791_298, 799_103, 806_952, 814_847,
    822_786, 830_770, 838_799, 846_873, 854_993, 863_157, 871_367, 879_622, 887_923, 896_269, 904_661, 913_099,
    921_582, 930_111, 938_686, 947_307, 955_973, 964_686, 973_445, 982_251, 991_102, 1_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::check::tests::table;

    #[test]
    fn websites() {
        table(
            website,
            &[
                ("www.einlass.example", "www.einlass.example"),
                (" https://einlass.example/über-uns ", "https://einlass.example/über-uns"),
                ("müller.example", "müller.example"),
            ],
            &Problem::NotAWebsite,
            &[
                "einlass",
                "www.einlass.example und mehr",
                "https://",
                "a..example",
                "ftp://a.example",
                "<a.example>",
                "a@b.example",
            ],
        );
    }

    #[test]
    fn colours_can_be_read_on_white() {
        table(
            colour,
            // #767676 is the lightest grey that passes (4.54).
            &[("#1F6F54", "#1f6f54"), (" #000000 ", "#000000"), ("#767676", "#767676"), ("#0000ff", "#0000ff")],
            &Problem::NotAColour,
            &["1f6f54", "#1f6f5", "#1f6f544", "#1f6f5g", "green", "#+f6f54", "#ÄÄÄ"],
        );
        for (text, contrast_tenths) in
            [("#777777", 44), ("#ffffff", 10), ("#ffff00", 10), ("#ff0000", 39), ("#00ff00", 13)]
        {
            assert_eq!(colour(text), Err(Problem::TooLight { contrast_tenths }), "{text}");
        }
    }

    fn in_re(text: &str) -> Result<String, Problem> {
        number_format(text, "RE")
    }

    #[test]
    fn number_formats() {
        table(
            in_re,
            &[
                ("{prefix}-{year}-{number:5}", "{prefix}-{year}-{number:5}"),
                (" {prefix}.{yy}_{number} ", "{prefix}.{yy}_{number}"),
            ],
            &Problem::NotANumberFormat,
            &[
                "{prefix}-{year}",
                "{prefix}-{number}",
                "{year}-{number}",
                "{prefix}{year}-{number}",
                "{prefix}-{year}{number}",
                "{prefix}-{number}-{year}",
                "{prefix}-{year}-{number}-{number}",
                "{prefix}-{year}-{yy}-{number}",
                "{prefix}-A{year}-{number}",
                "{prefix}-1-{year}-{number}",
                "{prefix}-{year}-{number}A",
                "{prefix}--{year}-{number}",
                "{prefix}/{year}/{number}",
                "{prefix} {year} {number}",
                "{prefix}-{year}-{number:0}",
                "{prefix}-{year}-{number:10}",
                "{prefix}-{year}-{number:+5}",
                "RE-2026-1",
                "-{prefix}-{year}-{number}",
            ],
        );
        assert_eq!(number_format("{prefix}-{year}-{number:9}", "ABCDEFGHIJ"), Err(Problem::TooLong { most: 20 }));
        assert!(number_format("{prefix}-{year}-{number:5}", "ABCDEFGH").is_ok());
    }

    /// Numbers of every pair of allowed formats: the same text only for the same place of the same series (I1).
    #[test]
    fn no_two_invoices_are_printed_alike_whatever_the_formats() {
        let mut printed: Vec<(String, (&str, &str, u64))> = Vec::new();
        for year in ["{year}", "{yy}"] {
            for number in ["{number}", "{number:1}", "{number:3}", "{number:5}"] {
                for (first, second) in [("-", "-"), (".", "-"), ("_", ".")] {
                    let format = format!("{{prefix}}{first}{year}{second}{number}");
                    assert!(in_re(&format).is_ok(), "{format}");
                    for series in [("R", "2026"), ("R", "2027"), ("RE", "2026"), ("E", "2020")] {
                        for sequence in [1, 2, 6, 12, 26, 27, 202, 2026, 2027, 12_026] {
                            let text = written(&format, series.0, series.1, sequence);
                            printed.push((text, (series.0, series.1, sequence)));
                        }
                    }
                }
            }
        }
        printed.sort();
        printed.dedup();
        for pair in printed.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "{pair:?}");
        }
    }
}
