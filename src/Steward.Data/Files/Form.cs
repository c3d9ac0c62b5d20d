using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Steward.Data.Engine;

namespace Steward.Data.Files;

/// <summary>
/// A way to write values of a type. Whether a field reads so is decided here and nowhere else: DuckDB's own casts are
/// generous (1.5 becomes 2 as a whole number, a time of day falls off a date), and nothing may be lost unsaid.
/// </summary>
internal abstract class Form
{
    /// <summary>As people write it in a schema file; empty for the usual way of a type.</summary>
    public virtual string Word => "";

    /// <summary>What it is called in a sentence.</summary>
    public abstract string Name { get; }

    /// <summary>The type DuckDB reads the field as; <c>VARCHAR</c> when <see cref="Convert"/> does the rest.</summary>
    public virtual string ReadAs => Type;

    /// <summary>The type of the column.</summary>
    public abstract string Type { get; }

    public abstract bool Reads(ReadOnlySpan<byte> field);

    /// <summary>
    /// Whether the engine, too, refuses a field that does not read so. Only when that is beyond doubt: a word where a number or
    /// a date should be. Its casts take <c>1.5</c> as a whole number, <c>inf</c> as a number and <c>epoch</c> as a date.
    /// </summary>
    public bool IsRefusedByTheEngine(ReadOnlySpan<byte> field)
        => field is [var first, ..] && char.IsAsciiLetter((char)first) && ReadAs switch
        {
            "BIGINT" or "INTEGER" => true,
            "DOUBLE" or "DATE" or "TIMESTAMP" => (first | 0x20) is not ('i' or 'n' or 'e'),
            _ => ReadAs.StartsWith("DECIMAL", StringComparison.Ordinal),
        };

    /// <summary>SQL that turns a field that reads so into the value.</summary>
    public virtual string Convert(string field) => field;

    /// <summary>The form of a column, or several in the order they are tried; throws <c>schema_invalid</c>.</summary>
    public static Form Of(FileColumn column)
    {
        if (column.Forms.Count == 0)
            return Usual(column.Type) ?? throw Invalid(column, $"the type '{Names.Shorten(column.Type)}' is not read from files", "Use VARCHAR, BIGINT, DECIMAL(18,2), DOUBLE, BOOLEAN, DATE, TIME, TIMESTAMP or TIMESTAMP WITH TIME ZONE.");
        if (column.Type is "DATE" or "TIMESTAMP")
            return new DateForm(column.Type, [.. column.Forms.Select(form => DatePattern.Of(form) ?? throw Invalid(column, $"'{Names.Shorten(form)}' is no form of a date", "Use yyyy, MM, MMM, dd, HH, mm, ss: dd.MM.yyyy."))]);
        return column.Forms is ["1.234,56"] && DecimalForm.Of(column.Type) is { } number
            ? new CommaForm(number)
            : throw Invalid(column, $"a {column.Type} has no forms", "Leave forms away; 1.234,56 goes with DECIMAL.");
    }

    private static Form? Usual(string type) => type switch
    {
        "VARCHAR" => new TextForm(),
        "BIGINT" => new WholeForm("BIGINT"),
        "INTEGER" => new WholeForm("INTEGER"),
        "DOUBLE" => new FloatForm(),
        "BOOLEAN" => new YesNoForm(),
        "DATE" => new DateForm(type, [DatePattern.Of("yyyy-MM-dd")!]),
        "TIME" => new TimeForm(),
        "TIMESTAMP" => new StampForm(zone: false),
        "TIMESTAMP WITH TIME ZONE" => new StampForm(zone: true),
        _ => DecimalForm.Of(type),
    };

    private static ProblemException Invalid(FileColumn column, string why, string tryThis) => ProblemException.Invalid("schema_invalid", $"Column '{Names.Shorten(column.Name)}': {why}.", tryThis);
}

internal sealed class TextForm : Form
{
    public override string Name => "text";
    public override string Type => "VARCHAR";
    public override bool Reads(ReadOnlySpan<byte> field) => true;
}

internal sealed class WholeForm(string type) : Form
{
    public override string Name => "a whole number";
    public override string Type => type;

    public override bool Reads(ReadOnlySpan<byte> field)
        => (field.Length is > 0 and < 10 && !field.ContainsAnyExceptInRange((byte)'0', (byte)'9')) // most are short and plain
            || (Utf8Parser.TryParse(field, out long value, out var used) && used == field.Length && (type == "BIGINT" || (int)value == value));
}

/// <summary>Digits, a point, digits: never more than the type holds, so that nothing is rounded.</summary>
internal sealed class DecimalForm(int digits, int scale) : Form
{
    private const int Short = 20;

    public int Digits => digits;
    public int Scale => scale;
    public override string Name => scale == 0 ? $"a whole number of at most {digits} digits" : $"a number with at most {Say.Count(scale, "decimal")}";
    public override string Type => $"DECIMAL({digits},{scale})";

    public static DecimalForm? Of(string type)
        => type.StartsWith("DECIMAL(", StringComparison.Ordinal) && type.EndsWith(')') && type[8..^1].Split(',') is [var digits, var scale] && int.TryParse(digits, out var d) && int.TryParse(scale, out var s) && d is >= 1 and <= 38 && s >= 0 && s <= d
            ? new(d, s)
            : null;

    public override bool Reads(ReadOnlySpan<byte> field) => Shape(field, (byte)'.') is var (before, after) && before <= digits - scale && after <= scale;

    /// <summary>Digits that count before and after the point; null when it is no such number.</summary>
    public static (int Before, int After)? Shape(ReadOnlySpan<byte> field, byte point)
    {
        if (field is [(byte)'-' or (byte)'+', ..])
            field = field[1..];
        if (field.Length <= Short && Few(field, point) is { } few)
            return few;
        var at = field.IndexOf(point);
        var whole = at < 0 ? field : field[..at];
        var rest = at < 0 ? default : field[(at + 1)..];
        if (whole.Length + rest.Length == 0 || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || rest.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (at >= 0 && (rest.Length == 0 || whole.Length == 0)))
            return null;
        return (whole.TrimStart((byte)'0').Length, rest.TrimEnd((byte)'0').Length);
    }

    /// <summary>Most numbers are short, and looked at sign by sign; null when it is another one, or none.</summary>
    private static (int Before, int After)? Few(ReadOnlySpan<byte> field, byte point)
    {
        var (at, zeros, last) = (-1, 0, -1);
        for (var i = 0; i < field.Length; i++)
            if (field[i] == point && at < 0)
                at = i;
            else if ((uint)(field[i] - '0') > 9)
                return null;
            else if (field[i] != '0')
                last = i;
            else if (i == zeros && at < 0)
                zeros++;
        var before = at < 0 ? field.Length : at;
        return before == 0 || at == field.Length - 1 ? null : (before - zeros, Math.Max(0, last - before));
    }
}

/// <summary><c>1.234,56</c>: points between thousands, a comma before the decimals.</summary>
internal sealed class CommaForm(DecimalForm number) : Form
{
    public override string Word => "1.234,56";
    public override string Name => "a number with a decimal comma";
    public override string ReadAs => "VARCHAR";
    public override string Type => number.Type;

    public override bool Reads(ReadOnlySpan<byte> field)
    {
        Span<byte> plain = stackalloc byte[64];
        return Plain(field, plain) is var length and > 0 && DecimalForm.Shape(plain[..length], (byte)',') is var (before, after) && before <= number.Digits - number.Scale && after <= number.Scale;
    }

    public override string Convert(string field) => $"CAST(replace(replace({field}, '.', ''), ',', '.') AS {Type})";

    /// <summary>Without the points, which stand before each three digits and not after the comma; 0 when they do not.</summary>
    public static int Plain(ReadOnlySpan<byte> field, Span<byte> plain)
    {
        var comma = field.IndexOf((byte)',') is var at and >= 0 ? at : field.Length;
        var length = 0;
        if (field.Length > plain.Length)
            return 0;
        for (var i = 0; i < field.Length; i++)
            if (field[i] != (byte)'.')
                plain[length++] = field[i];
            else if (i == 0 || i > comma || (comma - i) % 4 != 0)
                return 0;
        return length;
    }
}

internal sealed class FloatForm : Form
{
    public override string Name => "a number";
    public override string Type => "DOUBLE";

    public override bool Reads(ReadOnlySpan<byte> field)
        => (field.Length < 300 && DecimalForm.Shape(field, (byte)'.') is not null) // digits and a point, and never too large
            || (Utf8Parser.TryParse(field, out double value, out var used) && used == field.Length && double.IsFinite(value) && !char.IsAsciiLetter((char)field[0]));
}

internal sealed class YesNoForm : Form
{
    private static readonly SearchValues<string> Words = SearchValues.Create(["true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"], StringComparison.OrdinalIgnoreCase);

    public override string Name => "yes or no";
    public override string Type => "BOOLEAN";

    public override bool Reads(ReadOnlySpan<byte> field) => field.Length <= 5 && Words.Contains(Encoding.ASCII.GetString(field));
}

internal sealed class TimeForm : Form
{
    public override string Name => "a time of day as HH:mm:ss";
    public override string Type => "TIME";

    public override bool Reads(ReadOnlySpan<byte> field) => DatePattern.Clock(field) is { Length: 0 };
}

/// <summary><c>2026-03-01 06:00:00</c>, with T instead of the blank, with a fraction, as plain date; with Z or, when the column has zones, an offset.</summary>
internal sealed class StampForm(bool zone) : Form
{
    public override string Name => zone ? "a time with its zone, yyyy-MM-dd HH:mm:ss+00" : "a time as yyyy-MM-dd HH:mm:ss";
    public override string Type => zone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";

    public override bool Reads(ReadOnlySpan<byte> field)
    {
        if (field.Length < 10 || !DatePattern.IsIsoDate(field[..10]))
            return false;
        if (field.Length == 10)
            return !zone;
        if (field[10] is not ((byte)' ' or (byte)'T') || field.Length < 16)
            return false;
        var rest = DatePattern.Clock(field[11..]);
        if (rest is null)
            return false;
        return rest switch { { Length: 0 } => !zone, "Z" => true, { } offset => zone && IsOffset(offset) };
    }

    private static bool IsOffset(string text) => text is ['+' or '-', >= '0' and <= '1', >= '0' and <= '9', ..] && (text.Length == 3 || (text.Length == 6 && text[3] == ':' && text[4] is >= '0' and <= '5' && char.IsAsciiDigit(text[5])));
}

/// <summary>Dates and times written in one of some patterns.</summary>
internal sealed class DateForm(string type, IReadOnlyList<DatePattern> patterns) : Form
{
    private bool IsNative => type == "DATE" && patterns is [{ Text: "yyyy-MM-dd" }];

    public override string Word => IsNative ? "" : string.Join(", ", patterns.Select(pattern => pattern.Text));
    public override string Name => (type == "DATE" ? "a date as " : "a time as ") + string.Join(" or ", patterns.Select(pattern => pattern.Text));
    public override string ReadAs => IsNative ? "DATE" : "VARCHAR";
    public override string Type => type;

    public override bool Reads(ReadOnlySpan<byte> field)
    {
        foreach (var pattern in patterns)
            if (pattern.Reads(field))
                return true;
        return false;
    }

    public override string Convert(string field) => IsNative ? field : $"CAST(strptime({field}, [{string.Join(", ", patterns.Select(pattern => Sql.Text(pattern.Strptime)))}]) AS {type})";
}

/// <summary>One pattern of a date: <c>yyyy</c>, <c>MM</c>, <c>MMM</c>, <c>dd</c>, <c>HH</c>, <c>mm</c>, <c>ss</c> and what stands between them. Day and month may have one digit.</summary>
internal sealed class DatePattern
{
    private static readonly string[] Tokens = ["yyyy", "MMM", "MM", "dd", "HH", "mm", "ss"];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private readonly List<string> _pieces = [];

    public required string Text { get; init; }

    /// <summary>The same for DuckDB.</summary>
    public string Strptime => string.Concat(_pieces.Select(piece => piece switch { "yyyy" => "%Y", "MMM" => "%b", "MM" => "%m", "dd" => "%d", "HH" => "%H", "mm" => "%M", "ss" => "%S", _ => piece }));

    public static DatePattern? Of(string text)
    {
        var pattern = new DatePattern { Text = text };
        for (var i = 0; i < text.Length;)
        {
            var token = Tokens.FirstOrDefault(one => string.CompareOrdinal(text, i, one, 0, one.Length) == 0);
            if (token is null && (char.IsAsciiLetterOrDigit(text[i]) && text[i] != 'T') | text[i] is '%' or > '~')
                return null;
            pattern._pieces.Add(token ?? text[i].ToString());
            i += token?.Length ?? 1;
        }

        return pattern._pieces.Count(piece => piece == "yyyy") == 1 && pattern._pieces.Count(piece => piece is "MM" or "MMM") == 1 && pattern._pieces.Count(piece => piece == "dd") == 1 && text.Length <= 40 ? pattern : null;
    }

    public bool Reads(ReadOnlySpan<byte> field)
    {
        var (year, month, day) = (0, 0, 0);
        foreach (var piece in _pieces)
            switch (piece)
            {
                case "yyyy" when field.Length >= 4 && Number(ref field, 4, 4) is var read and >= 0: year = read; break;
                case "MM" when Number(ref field, 1, 2) is var read and >= 0: month = read; break;
                case "dd" when Number(ref field, 1, 2) is var read and >= 0: day = read; break;
                case "HH" when Number(ref field, 1, 2) is >= 0 and <= 23: break;
                case "mm" or "ss" when Number(ref field, 2, 2) is >= 0 and <= 59: break;
                case "MMM" when field.Length >= 3 && Array.IndexOf(Months, Encoding.ASCII.GetString(field[..3]).ToLowerInvariant()) is var at and >= 0:
                    month = at + 1;
                    field = field[3..];
                    break;
                case { Length: 1 } when field.Length > 0 && field[0] == piece[0]: field = field[1..]; break;
                default: return false;
            }

        return field.Length == 0 && Exists(year, month, day);
    }

    /// <summary><c>2026-03-01</c>, and there is such a day.</summary>
    public static bool IsIsoDate(ReadOnlySpan<byte> field)
    {
        if (field.Length != 10 || field[4] != '-' || field[7] != '-')
            return false;
        var (century, year, month, day) = (Two(field, 0), Two(field, 2), Two(field, 5), Two(field, 8));
        return (century | year) >= 0 && Exists((century * 100) + year, month, day);
    }

    /// <summary>What follows <c>HH:mm</c>, <c>HH:mm:ss</c> or <c>HH:mm:ss.ffffff</c>; null when it is no time of day.</summary>
    public static string? Clock(ReadOnlySpan<byte> field)
    {
        if (field.Length == 8 && field[2] == ':' && field[5] == ':' && Two(field, 0) is >= 0 and <= 23 && Two(field, 3) is >= 0 and <= 59 && Two(field, 6) is >= 0 and <= 59)
            return "";
        if (field.Length < 5 || Number(ref field, 2, 2) is not (>= 0 and <= 23) || field[0] != ':' || !Skip(ref field) || Number(ref field, 2, 2) is not (>= 0 and <= 59))
            return null;
        if (field is [(byte)':', ..] && (!Skip(ref field) || Number(ref field, 2, 2) is not (>= 0 and <= 59)))
            return null;
        if (field is [(byte)'.', _, ..])
        {
            var digits = field[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : field.Length - 1;
            // Microseconds are kept; finer ones would be lost.
            if (digits is 0 or > 6)
                return null;
            field = field[(1 + digits)..];
        }

        return field.Length == 0 ? "" : Encoding.Latin1.GetString(field);
    }

    private static bool Exists(int year, int month, int day) => year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    /// <summary>Two digits; negative when they are not.</summary>
    private static int Two(ReadOnlySpan<byte> field, int at)
    {
        var (tens, ones) = ((uint)(field[at] - '0'), (uint)(field[at + 1] - '0'));
        return tens <= 9 && ones <= 9 ? (int)((tens * 10) + ones) : -1;
    }

    private static bool Skip(ref ReadOnlySpan<byte> field)
    {
        if (field.Length == 0)
            return false;
        field = field[1..];
        return true;
    }

    /// <summary>So many digits at the front; -1 when there are fewer.</summary>
    private static int Number(ref ReadOnlySpan<byte> field, int least, int most)
    {
        var (value, digits) = (0, 0);
        while (digits < most && digits < field.Length && field[digits] is >= (byte)'0' and <= (byte)'9')
            value = (value * 10) + field[digits++] - '0';
        if (digits < least)
            return -1;
        field = field[digits..];
        return value;
    }
}
