using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>A condition of PEP 508: <c>python_version &lt; "3.8" and sys_platform != "win32"</c>.</summary>
public sealed partial class Marker
{
    private const int MostDepth = 20;
    private static readonly HashSet<string> Versions = ["python_version", "python_full_version", "implementation_version"];
    private readonly Func<MarkerWorld, bool> _holds;

    private Marker(string text, Func<MarkerWorld, bool> holds) => (Text, _holds) = (text, holds);

    public string Text { get; }

    public bool Holds(MarkerWorld world) => _holds(world);

    public static Marker Parse(string text)
    {
        if (text.Length > 2_000)
            throw new FormatException("the condition is longer than 2,000 characters.");
        var tokens = new Queue<string>(Tokens().Matches(text).Select(match => match.Value));
        if (string.Concat(tokens).Length != text.Count(c => !char.IsWhiteSpace(c)) + tokens.Sum(token => token.Count(char.IsWhiteSpace)))
            throw new FormatException($"'{Names.Shorten(text)}' is no condition.");
        var holds = Or(tokens, 0);
        return tokens.Count == 0 ? new(text.Trim(), holds) : throw new FormatException($"the condition goes on with '{Names.Shorten(tokens.Peek())}' after its end.");
    }

    private static Func<MarkerWorld, bool> Or(Queue<string> tokens, int depth)
    {
        var left = And(tokens, depth);
        while (tokens.TryPeek(out var word) && word == "or")
        {
            tokens.Dequeue();
            var (one, two) = (left, And(tokens, depth));
            left = world => one(world) || two(world);
        }

        return left;
    }

    private static Func<MarkerWorld, bool> And(Queue<string> tokens, int depth)
    {
        var left = Single(tokens, depth);
        while (tokens.TryPeek(out var word) && word == "and")
        {
            tokens.Dequeue();
            var (one, two) = (left, Single(tokens, depth));
            left = world => one(world) && two(world);
        }

        return left;
    }

    private static Func<MarkerWorld, bool> Single(Queue<string> tokens, int depth)
    {
        if (depth > MostDepth)
            throw new FormatException("the condition is nested too deep.");
        if (Next(tokens) is not "(" and var left)
            return Comparison(left, tokens);
        var inner = Or(tokens, depth + 1);
        return Next(tokens) == ")" ? inner : throw new FormatException("a parenthesis of the condition is not closed.");
    }

    private static Func<MarkerWorld, bool> Comparison(string left, Queue<string> tokens)
    {
        var sign = Next(tokens);
        if (sign == "not")
            sign = "not " + Next(tokens);
        var right = Next(tokens);
        var (one, two) = (Value(left), Value(right));
        var byVersion = Versions.Contains(left) || Versions.Contains(right);
        if (byVersion && sign is "==" or "!=" or "<" or "<=" or ">" or ">=" or "~=" or "===" && byVersion)
            return world => Versions.Contains(left) ? Compare(one(world), sign, two(world)) : Compare(two(world), Turned(sign), one(world));
        return sign switch
        {
            "==" or "===" => world => one(world) == two(world),
            "!=" => world => one(world) != two(world),
            "in" => world => two(world).Contains(one(world), StringComparison.Ordinal),
            "not in" => world => !two(world).Contains(one(world), StringComparison.Ordinal),
            "<" or "<=" or ">" or ">=" or "~=" => world => Compare(one(world), sign, two(world)),
            _ => throw new FormatException($"'{Names.Shorten(sign)}' compares nothing in a condition."),
        };
    }

    /// <summary>As versions where both are some; words are never smaller or greater.</summary>
    private static bool Compare(string version, string sign, string limit)
    {
        try
        {
            return VersionScheme.Pep440.Range(sign + limit).Contains(VersionScheme.Pep440.Version(version));
        }
        catch (FormatException)
        {
            return sign is "==" or "===" ? version == limit : sign is "!=" && version != limit;
        }
    }

    private static string Turned(string sign) => sign switch { "<" => ">", ">" => "<", "<=" => ">=", ">=" => "<=", _ => sign };

    private static Func<MarkerWorld, string> Value(string token)
    {
        if (token[0] is '"' or '\'')
            return _ => token[1..^1];
        return MarkerWorld.Knows(token) ? world => world[token] : throw new FormatException($"a condition knows no '{Names.Shorten(token)}'.");
    }

    private static string Next(Queue<string> tokens) => tokens.TryDequeue(out var token) ? token : throw new FormatException("the condition ends too early.");

    [GeneratedRegex("""\(|\)|'[^']*'|"[^"]*"|[<>=!~]+|[A-Za-z_.]+""", RegexOptions.NonBacktracking)]
    private static partial Regex Tokens();
}
