//! The bundle and its usage as markup: a chart for sighted members, and a table for screen readers.

use claviger_core::{
    clock::Timestamp,
    domain::bundle::Services,
    use_cases::{
        bundles::BundleLine,
        usage::{DayOfUsage, Usage},
    },
};
use std::{fmt::Write, time::Duration};
use time::{OffsetDateTime, macros::format_description};

/// The dimensions of the chart, in its own units.
const BAR: usize = 20;
const GAP: usize = 6;
const HEIGHT: u64 = 120;

/// The time since an event, in the largest unit that fits.
pub(crate) fn ago(since: Duration) -> String {
    let seconds = since.as_secs();
    let (number, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" })
}

/// The bundle section and the usage section of the page. Every value in them is a number, a date, or a name that is allowed in
/// a header.
pub(crate) fn report(bundle: Option<&BundleLine>, usage: &Usage) -> String {
    let mut markup = String::with_capacity(16 * 1024);
    // Writing to a string cannot fail.
    let _ = write_bundle(&mut markup, bundle);
    let _ = write_usage(&mut markup, usage);
    markup
}

fn write_bundle(markup: &mut String, bundle: Option<&BundleLine>) -> std::fmt::Result {
    markup.push_str("<section aria-labelledby=\"bundle\"><h2 id=\"bundle\">Bundle</h2>");
    let Some(bundle) = bundle else {
        markup.push_str(
            "<p>Your organisation has no bundle. Requests are refused until it gets one.</p></section>",
        );
        return Ok(());
    };
    if let Some(problem) = problem(bundle) {
        write!(markup, "<p class=\"message alert\">{problem}</p>")?;
    }
    let terms = &bundle.terms;
    let services = match &terms.services {
        Services::All => "every service".to_owned(),
        Services::Only(names) if names.is_empty() => "no service".to_owned(),
        Services::Only(names) => {
            names.iter().map(|name| format!("<code>{}</code>", name.as_str())).collect::<Vec<_>>().join(" ")
        }
    };
    let left = match terms.quota {
        None => "any number of requests".to_owned(),
        Some(quota) => {
            format!("{} of {} requests", grouped(quota.saturating_sub(bundle.used)), grouped(quota))
        }
    };
    let until =
        terms.expires_at.map_or_else(|| "for ever".to_owned(), |end| format!("until {}", moment(end)));
    let trial = if terms.is_trial { " (a trial)" } else { "" };
    write!(
        markup,
        "<dl class=\"report-facts\"><div><dt>Name</dt><dd>{}{trial}</dd></div><div><dt>Holds</dt><dd>{services}</dd></div>\
         <div><dt>Left</dt><dd>{left}</dd></div><div><dt>Good</dt><dd>{until}</dd></div></dl></section>",
        terms.name.as_str()
    )
}

/// The reason why a bundle is not valid at the moment.
fn problem(bundle: &BundleLine) -> Option<&'static str> {
    if !bundle.terms.enabled {
        Some("The bundle is disabled. Requests are refused.")
    } else if bundle.is_expired {
        Some("The bundle has ended. Requests are refused.")
    } else if bundle.terms.quota.is_some_and(|quota| bundle.used >= quota) {
        Some("The bundle is used up. Requests are refused.")
    } else {
        None
    }
}

fn write_usage(markup: &mut String, usage: &Usage) -> std::fmt::Result {
    let passed: u64 = usage.days.iter().map(|day| day.passed).sum();
    let refused: u64 = usage.days.iter().map(DayOfUsage::refused_in_all).sum();
    write!(
        markup,
        "<section aria-labelledby=\"usage\"><h2 id=\"usage\">Usage</h2><p>In the last 30 days {} passed and {} refused.</p>",
        requests(passed),
        if refused == 1 { "1 was".to_owned() } else { format!("{} were", grouped(refused)) }
    )?;
    if passed + refused > 0 {
        write_chart(markup, usage)?;
        write_table(markup, usage)?;
    }
    markup.push_str("</section>");
    Ok(())
}

fn requests(number: u64) -> String {
    if number == 1 { "1 request".to_owned() } else { format!("{} requests", grouped(number)) }
}

/// Writes one bar for each day: the passed requests below, the refused requests above them. A day with at least one request is
/// always visible.
fn write_chart(markup: &mut String, usage: &Usage) -> std::fmt::Result {
    let most = usage.days.iter().map(|day| day.passed + day.refused_in_all()).max().unwrap_or(1).max(1);
    let high = |count: u64| (count * HEIGHT).div_ceil(most);
    let width = usage.days.len() * (BAR + GAP) - GAP;
    write!(
        markup,
        "<div class=\"chart\" aria-hidden=\"true\"><svg viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" \
         focusable=\"false\"><line class=\"ground\" x1=\"0\" y1=\"{HEIGHT}\" x2=\"{width}\" y2=\"{HEIGHT}\"/>"
    )?;
    for (place, day) in usage.days.iter().enumerate() {
        let x = place * (BAR + GAP);
        let (passed, refused) = (high(day.passed), high(day.refused_in_all()));
        // Both heights are rounded up, so their sum may be slightly too high.
        let refused = refused.min(HEIGHT - passed.min(HEIGHT)).max(u64::from(refused > 0));
        let passed = passed.min(HEIGHT - refused);
        for (class, height, below) in [("of-passed", passed, 0), ("of-refused", refused, passed)] {
            if height > 0 {
                let y = HEIGHT - below - height;
                write!(
                    markup,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{BAR}\" height=\"{height}\"/>"
                )?;
            }
        }
    }
    let (first, last) = (usage.days.first(), usage.days.last());
    let name = |day: Option<&DayOfUsage>| day.map(|day| short_date(day.day)).unwrap_or_default();
    write!(
        markup,
        "</svg><p class=\"chart-ends\"><span>{}</span><span class=\"chart-key\"><span class=\"of-passed\">passed</span> \
         <span class=\"of-refused\">refused</span></span><span>{}</span></p></div>",
        name(first),
        name(last)
    )
}

fn write_table(markup: &mut String, usage: &Usage) -> std::fmt::Result {
    markup.push_str(
        "<div class=\"visually-hidden\"><table><caption>Requests of the last 30 days</caption><thead><tr><th scope=\"col\">Day</th>\
         <th scope=\"col\">Passed</th><th scope=\"col\">Refused</th></tr></thead><tbody>",
    );
    for day in usage.days.iter().rev().filter(|day| day.passed + day.refused_in_all() > 0) {
        let why: Vec<String> = day
            .refused
            .iter()
            .map(|(reason, count)| format!("{count} {}", reason.replace('_', " ")))
            .collect();
        let refused = if why.is_empty() { "0".to_owned() } else { why.join(", ") };
        write!(
            markup,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{refused}</td></tr>",
            short_date(day.day),
            day.passed
        )?;
    }
    markup.push_str("</tbody></table></div>");
    Ok(())
}

fn short_date(day: i64) -> String {
    let date = OffsetDateTime::from_unix_timestamp(day * 86_400).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    // The format cannot fail: it uses only parts that every date has.
    date.format(format_description!("[day padding:none] [month repr:long]")).unwrap_or_default()
}

fn moment(moment: Timestamp) -> String {
    let moment = crate::wire::formatted_time::FormattedTime::from(moment);
    format!("<time datetime=\"{}\">{}</time>", moment.iso, moment.text)
}

/// A number with a thin space between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::domain::bundle::{BundleName, BundleTerms};

    fn bundle(quota: Option<u64>, used: u64) -> BundleLine {
        let terms = BundleTerms {
            name: BundleName::default(),
            services: Services::parse("geo maps").unwrap(),
            enabled: true,
            expires_at: None,
            quota,
            is_trial: false,
        };
        BundleLine { terms, used, is_expired: false }
    }

    fn usage(passed: u64, refused: u64) -> Usage {
        let day = |day| DayOfUsage {
            day,
            passed: if day == 29 { passed } else { 0 },
            refused: if day == 29 && refused > 0 {
                vec![("rate_limited".to_owned(), refused)]
            } else {
                Vec::new()
            },
        };
        Usage { days: (0..30).map(day).collect() }
    }

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit() {
        for (seconds, words) in [
            (59, "just now"),
            (60, "1 minute ago"),
            (180, "3 minutes ago"),
            (7_200, "2 hours ago"),
            (86_400, "1 day ago"),
        ] {
            assert_eq!(ago(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn a_bundle_says_what_it_holds_and_what_is_left() {
        let markup = report(Some(&bundle(Some(12_000), 2_000)), &usage(0, 0));
        assert!(markup.contains("<code>geo</code> <code>maps</code>"), "{markup}");
        assert!(markup.contains("10\u{202f}000 of 12\u{202f}000 requests"), "{markup}");
        assert!(!markup.contains("class=\"message alert\"") && !markup.contains("<svg"), "{markup}");
    }

    #[test]
    fn what_stands_in_the_way_of_requests_is_told() {
        let disabled =
            BundleLine { terms: BundleTerms { enabled: false, ..bundle(None, 0).terms }, ..bundle(None, 0) };
        let expired = BundleLine { is_expired: true, ..bundle(None, 0) };
        for (bundle, words) in [
            (Some(&bundle(Some(5), 5)), "is used up"),
            (Some(&disabled), "is disabled"),
            (Some(&expired), "has ended"),
            (None, "has no bundle"),
        ] {
            assert!(report(bundle, &usage(0, 0)).contains(words), "{words}");
        }
    }

    #[test]
    fn each_day_with_requests_has_a_bar_and_a_row() {
        let markup = report(None, &usage(1_000, 1));
        assert_eq!(markup.matches("<rect").count(), 2);
        assert!(
            markup.contains("<tr><th scope=\"row\">30 January</th><td>1000</td><td>1 rate limited</td></tr>")
        );
        assert!(markup.contains("In the last 30 days 1\u{202f}000 requests passed and 1 was refused."));
    }

    #[test]
    fn bars_never_leave_the_chart() {
        for (passed, refused) in [(1, 1), (3, 7), (1_000_000, 1), (1, 1_000_000), (u64::from(u32::MAX), 5)] {
            let markup = report(None, &usage(passed, refused));
            let heights = markup
                .split("height=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next()?.parse::<u64>().ok());
            assert!(heights.sum::<u64>() <= HEIGHT, "{passed} {refused}");
        }
    }
}
