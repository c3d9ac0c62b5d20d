using System.Text;

namespace Steward.Data.Files;

/// <summary>Which type a column has, by the values seen so far, and why.</summary>
internal sealed class ColumnGuess
{
    private const double Enough = 0.995;
    private const int Many = 200;
    private static readonly string[] NoValue = ["NA", "N/A", "n/a", "null", "NULL", "None", "NaN", "nan", "-", "\\N", "#N/A"];
    private static readonly string[] Dates = ["yyyy-MM-dd", "dd.MM.yyyy", "MM/dd/yyyy", "dd/MM/yyyy", "yyyy/MM/dd", "dd-MM-yyyy", "dd MMM yyyy", "MMM dd, yyyy"];
    private static readonly string[] Clocks = [" HH:mm", " HH:mm:ss"];

    private readonly Candidate _whole = new(new WholeForm("BIGINT")), _huge = new(new DecimalForm(38, 0)), _float = new(new FloatForm()), _yes = new(new YesNoForm()), _stamp = new(new StampForm(false)), _zoned = new(new StampForm(true)), _time = new(new TimeForm()), _comma = new(new CommaForm(new DecimalForm(38, 10)));
    private readonly Candidate _decimal = new(new DecimalForm(38, 10));
    private readonly List<Candidate> _dates = [.. Dates.Select(form => Of("DATE", form))];
    private readonly List<Candidate> _times = [.. Dates.Skip(1).SelectMany(date => Clocks.Select(clock => Of("TIMESTAMP", date + clock)))];
    private readonly Dictionary<string, long> _words = [];
    private readonly HashSet<string> _yesWords = new(StringComparer.OrdinalIgnoreCase);
    private long _values, _before, _after, _commaAfter;
    private (long Line, string Value)? _leadingZero;
    private bool _isText;

    /// <summary>Words for no value that this column has, if it is not text.</summary>
    public IReadOnlyCollection<string> Nulls { get; private set; } = [];

    /// <summary>It was text in JSON: only dates and times are guessed from text.</summary>
    public bool IsQuoted { get; set; }

    /// <summary>An object or a list.</summary>
    public void IsText() => _isText = true;

    public void See(ReadOnlySpan<byte> value, long line)
    {
        if (value.Length == 0)
            return;
        _values++;
        if (value.Length <= 4 && Array.IndexOf(NoValue, Encoding.UTF8.GetString(value)) is var word and >= 0)
        {
            _words[NoValue[word]] = _words.GetValueOrDefault(NoValue[word]) + 1;
            return;
        }

        if (value.Length > 64)
        {
            foreach (var one in All)
                one.Misses(value, line);
            return;
        }

        foreach (var one in All)
            one.Try(value, line);
        if (DecimalForm.Shape(value, (byte)'.') is var (before, after))
            (_before, _after) = (Math.Max(_before, before), Math.Max(_after, after));
        Span<byte> plain = stackalloc byte[64];
        if (CommaForm.Plain(value, plain) is var length and > 0 && DecimalForm.Shape(plain[..length], (byte)',') is var (commaBefore, commaAfter))
            (_before, _commaAfter) = (Math.Max(_before, commaBefore), Math.Max(_commaAfter, commaAfter));
        if (_leadingZero is null && value is [(byte)'0', >= (byte)'0' and <= (byte)'9', ..] && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            _leadingZero = (line, Encoding.UTF8.GetString(value));
        if (_yesWords.Count < 5)
            _yesWords.Add(Encoding.UTF8.GetString(value));
    }

    /// <param name="rows">Rows looked at; <paramref name="all"/> when these are all of the file.</param>
    public FileColumn Decide(string name, string header, long rows, bool all)
    {
        var from = name == header ? null : header;
        var (form, evidence) = Choose();
        if (form is not TextForm)
            Nulls = [.. _words.Keys];
        var missing = rows - _values + (form is TextForm ? 0 : _words.Values.Sum());
        var where = all ? "" : $" in the first {rows:N0} rows";
        return new(name, form.Type)
        {
            From = from,
            Forms = form.Word.Length == 0 ? [] : form.Word == "1.234,56" ? ["1.234,56"] : form.Word.Split(", "),
            Evidence = $"{evidence}{where}{(missing > 0 ? $"; {missing:N0} of {rows:N0} rows have no value" : "")}",
        };
    }

    private IEnumerable<Candidate> All => [_whole, _huge, _decimal, _float, _yes, _stamp, _zoned, _time, _comma, .. _dates, .. _times];

    private long Typed => _values - _words.Values.Sum();

    private (Form, string) Choose()
    {
        if (_isText)
            return (new TextForm(), "text, because it holds objects or lists");
        if (Typed == 0)
            return (new TextForm(), _values == 0 ? "text, because there is no value to tell it by" : Text());
        if (!IsQuoted)
        {
            if (_leadingZero is var (line, value) && Fits(_huge))
                return (new TextForm(), $"text, because leading zeros would be lost as a number (line {line:N0}: '{value}')");
            if (Fits(_whole))
                return Said(_whole);
            if (Fits(_huge))
                return Said(_huge, "beyond 64 bits");
            if (Fits(_decimal) && _after is > 0 and <= 6)
                return Said(_decimal with { Form = Wide(_before, _after) });
            if (Fits(_float))
                return Said(_float);
            if (Fits(_yes) && (_yesWords.IsSubsetOf(["true", "false"]) || _yesWords.IsSubsetOf(["yes", "no"])))
                return Said(_yes);
            if (Fits(_comma) && _commaAfter is > 0 and <= 6)
                return Said(_comma with { Form = new CommaForm(Wide(_before, _commaAfter)) });
        }

        return WhenIsIt() ?? (new TextForm(), Text());
    }

    private (Form, string)? WhenIsIt()
    {
        if (Fits(_dates[0]))
            return Said(_dates[0]);
        if (Fits(_stamp))
            return Said(_stamp);
        if (Fits(_zoned))
            return Said(_zoned);
        if (Fits(_time))
            return Said(_time);
        foreach (var group in (List<Candidate>[])[_dates, _times])
        {
            var fit = group.Where(Fits).ToList();
            if (fit.Count == 1)
                return Said(fit[0]);
            if (fit.Count > 1)
                return (new TextForm(), $"text, because its {Typed:N0} values read as {string.Join(" and as ", fit.Select(one => one.Form.Word))}: pin one of them");
            // Several forms in one column, of which no value can be read in two ways.
            var mixed = group.Where(one => one.Reads > 0).OrderByDescending(one => one.Reads).ToList();
            if (mixed.Count > 1 && mixed.Sum(one => one.Reads) == Typed)
                return (Form.Of(new(" ", group == _dates ? "DATE" : "TIMESTAMP") { Forms = [.. mixed.Select(WordOf)] }),
                    $"{(group == _dates ? "a date" : "a time")} in {mixed.Count} forms, because {string.Join(", ", mixed.Select(one => $"{one.Reads:N0} read as {WordOf(one)}"))} of {Typed:N0}");
        }

        return null;
    }

    private string Text()
    {
        var best = All.Where(one => one.Reads > Typed / 2).MaxBy(one => one.Reads);
        return best is null ? "text, because nothing else fits" : $"text, because only {best.Reads:N0} of {Typed:N0} values read as {best.Form.Name}; the first exception is line {best.MissLine:N0}: '{best.Miss}'";
    }

    private (Form, string) Said(Candidate one, string more = "")
        => (one.Form, $"{one.Form.Name}{(more.Length > 0 ? ", " + more : "")}, because {one.Reads:N0} of {Typed:N0} values read so{(one.Miss is null ? "" : $"; the first exception is line {one.MissLine:N0}: '{one.Miss}'")}");

    private bool Fits(Candidate one) => one.Reads == Typed || (Typed >= Many && one.Reads >= Enough * Typed);

    private static string WordOf(Candidate one) => one.Form.Word.Length > 0 ? one.Form.Word : "yyyy-MM-dd";

    /// <summary>Room for larger and finer values than those seen.</summary>
    private static DecimalForm Wide(long before, long after) => before + 2 + Math.Max(2, after) <= 18 ? new(18, (int)Math.Max(2, after)) : new(38, (int)Math.Max(2, after));

    private static Candidate Of(string type, string form) => new(Form.Of(new(" ", type) { Forms = [form] }));

    private sealed record Candidate(Form Form)
    {
        public long Reads { get; private set; }
        public long MissLine { get; private set; }
        public string? Miss { get; private set; }

        public void Try(ReadOnlySpan<byte> value, long line)
        {
            if (Form.Reads(value))
                Reads++;
            else
                Misses(value, line);
        }

        public void Misses(ReadOnlySpan<byte> value, long line)
        {
            if (Miss is null)
                (MissLine, Miss) = (line, Names.Shorten(Encoding.UTF8.GetString(value[..Math.Min(value.Length, 120)]), 40));
        }
    }
}
