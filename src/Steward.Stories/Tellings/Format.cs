using System.Globalization;

namespace Steward.Stories;

/// <summary>How a value is said. A format belongs to its units: a share can never be told as an hour.</summary>
/// <param name="Units">The units it takes.</param>
/// <param name="Say">What is shown.</param>
internal sealed record Format(string Name, IReadOnlyList<Unit> Units, Func<Saying, string> Say)
{
    private static readonly Dictionary<string, Format> All = new Format[]
    {
        new("n", [Unit.Count], said => said.WithForms(said.Whole)),
        new("Word", [Unit.Count], said => Capital(said.WithForms(said.InWords), said.Catalogue.Culture)),
        new("of", [Unit.Share], said => said.Catalogue.Text("formats.out_of").Replace("{k}", $"{said.K}", StringComparison.Ordinal).Replace("{n}", $"{said.OutOf}", StringComparison.Ordinal)),
        new("k", [Unit.Share], said => $"{said.K}"),
        new("pct", [Unit.Share], said => said.Percent(0)),
        new("pct1", [Unit.Share], said => said.Percent(1)),
        new("score", [Unit.Score], said => said.Fact.Value.ToString("0.000", said.Catalogue.Culture)),
        new("clock", [Unit.Moment], said => said.Moment(said.Catalogue.Text("formats.clock"))),
        new("day", [Unit.Moment], said => said.Moment(said.Catalogue.Text("formats.day"))),
        new("weekday", [Unit.Moment], said => said.Moment("dddd")),
        new("moment", [Unit.Moment], said => said.Moment("yyyy-MM-dd HH:mm 'UTC'")),
        new("took", [Unit.Duration], said => said.Took),
        new("v", [Unit.Number], said => said.Fact.Value.ToString("0", CultureInfo.InvariantCulture)),
        new("times", [Unit.Ratio], said => said.WithForms(said.Fact.Value.ToString("0.0", said.Catalogue.Culture))),
        new("mb", [Unit.Bytes], said => (said.Fact.Value / 1e6).ToString(said.Fact.Value < 1e7 ? "0.0" : "0", said.Catalogue.Culture) + " MB"),
    }.ToDictionary(format => format.Name, StringComparer.Ordinal);

    internal static Format Of(string name, Fact fact)
    {
        var format = All.GetValueOrDefault(name) ?? throw new CatalogueException($"There is no format '{name}' for {{{fact.Id}}}.");
        return format.Units.Contains(fact.Unit) ? format : throw new CatalogueException($"'{fact.Id}' is a {fact.Unit}, and the format '{name}' tells {string.Join(" or ", format.Units)}.");
    }

    /// <summary>The exact value with its n, for the list of sources.</summary>
    internal static string Exact(Fact fact, Catalogue language)
    {
        var said = new Saying(fact, language, 0, null);
        var value = fact.Unit switch
        {
            Unit.Share => said.Percent(1),
            Unit.Count => said.Whole,
            Unit.Score => fact.Value.ToString("0.000", language.Culture),
            Unit.Moment => said.Moment("yyyy-MM-dd HH:mm 'UTC'"),
            Unit.Duration => fact.Value.ToString("#,0.#", language.Culture) + " s",
            Unit.Bytes => fact.Value.ToString("#,0", language.Culture) + " B",
            Unit.Ratio => fact.Value.ToString("0.00", language.Culture),
            _ => fact.Value.ToString("0", CultureInfo.InvariantCulture),
        };
        return fact.N > 0 ? $"{value}, n {fact.N.ToString("#,0", language.Culture)}" : value;
    }

    private static string Capital(string word, CultureInfo culture) => word.Length == 0 ? word : char.ToUpper(word[0], culture) + word[1..];
}

/// <summary>One fact on its way to words.</summary>
/// <param name="OutOf">The n of "k of n", the same for everything that a story compares.</param>
/// <param name="Forms">Word forms behind the number: <c>picture/pictures</c>.</param>
internal sealed record Saying(Fact Fact, Catalogue Catalogue, int OutOf, string? Forms)
{
    internal string Whole => Fact.Value.ToString("#,0", Catalogue.Culture);

    internal string InWords => Fact.Value is >= 0 and <= 12 && Fact.Value == Math.Floor(Fact.Value) && (int)Fact.Value < Catalogue.Numbers.Count ? Catalogue.Numbers[(int)Fact.Value] : Whole;

    internal int K => NaturalFrequency.Nearest(Fact.Value, OutOf, Fact.Better);

    /// <summary>One and a bit is more than one: 1.2 times.</summary>
    internal string WithForms(string said) => Forms is null ? said : $"{said} {Catalogue.Form(Forms, Fact.Unit is Unit.Ratio && Math.Round(Fact.Value, 1) != 1 ? 2 : (long)Fact.Value)}";

    /// <summary>In percent; never 100 or 0 unless it is exactly that, and rounded as counts out of so many are.</summary>
    internal string Percent(int digits)
    {
        var parts = digits == 0 ? 100 : 1000;
        return (NaturalFrequency.Nearest(Fact.Value, parts, Fact.Better) * 100.0 / parts).ToString(digits == 0 ? "0" : "0.0", Catalogue.Culture) + " %";
    }

    internal string Moment(string format) => DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(Fact.Value * 1000)).ToString(format, Catalogue.Culture);

    /// <summary>In the largest unit that leaves a number of two digits or a small one: 49 seconds, 3 minutes, 26 hours.</summary>
    internal string Took
    {
        get
        {
            var (value, unit) = Fact.Value switch
            {
                < 90 => (Fact.Value, "second"),
                < 90 * 60 => (Fact.Value / 60, "minute"),
                < 48 * 3600 => (Fact.Value / 3600, "hour"),
                _ => (Fact.Value / 86400, "day"),
            };
            var whole = (long)Math.Max(1, Math.Round(value));
            return $"{whole.ToString("#,0", Catalogue.Culture)} {Catalogue.Form(Catalogue.Text($"units.{unit}"), whole)}";
        }
    }
}
