using System.Globalization;

namespace Steward;

/// <summary>Numbers and times as people say them. English for now; invariant digits.</summary>
public static class Say
{
    private const int ShortCommit = 12;
    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary><c>2 h ago</c>, <c>in 3 min</c>, <c>just now</c>.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var distance = now - at;
        var span = distance.Duration() < TimeSpan.FromMinutes(1) ? $"{distance.Duration().TotalSeconds:0} s" : Span(distance.Duration());
        return distance.Duration() < TimeSpan.FromSeconds(5) ? "just now" : distance > TimeSpan.Zero ? $"{span} ago" : $"in {span}";
    }

    /// <summary><c>11.2 s</c>, <c>4 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => $"{span.TotalMilliseconds:0} ms",
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 60 } => $"{span.TotalMinutes:0} min",
        { TotalHours: < 48 } => $"{span.TotalHours:0} h",
        _ => $"{span.TotalDays:0} d",
    };

    /// <summary><c>1.4 MB</c>; powers of 1000.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary><c>1 picture</c>, <c>3,000 pictures</c>.</summary>
    public static string Count(long count, string one, string? many = null)
        => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A commit by its first twelve digits, which tell it apart, and what stands before it: <c>0.1.0+7d7220fba5d1</c>.</summary>
    public static string Code(string code)
    {
        var commit = code.LastIndexOf('+') + 1;
        return code.Length - commit > ShortCommit && code.AsSpan(commit).IndexOfAnyExcept(Hex) < 0 ? code[..(commit + ShortCommit)] : code;
    }

    /// <summary>A score between 0 and 1 with three digits.</summary>
    public static string Score(double? value) => value is null ? "" : value.Value.ToString("0.000", CultureInfo.InvariantCulture);
}
