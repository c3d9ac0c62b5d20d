using System.Globalization;
using System.Reflection;
using YamlDotNet.RepresentationModel;

namespace Steward.Stories;

/// <summary>
/// Everything that stories say in one language, read from the embedded files <c>Tellings/CODE*.yaml</c>: one file makes a
/// language. Texts are addressed by a path: <c>stories.release.beats.setting.child.caption</c>.
/// </summary>
public sealed class Catalogue
{
    /// <summary>What is a rule, not a text.</summary>
    private static readonly HashSet<string> Fixed = ["name", "plural", "numbers", "decimal", "group", "months", "weekdays", "weekdays_short", "am", "pm", "formats.clock", "formats.day"];
    private readonly Dictionary<string, string> _texts;

    private Catalogue(string code, Dictionary<string, string> texts)
    {
        (Code, _texts) = (code, texts);
        Culture = Read();
        Numbers = Text("numbers").Split(' ');
    }

    /// <summary><c>en</c>, <c>de</c>.</summary>
    public string Code { get; }

    /// <summary>How it calls itself.</summary>
    public string Name => Text("name");

    /// <summary>How this language writes numbers and dates; from its file, so that it is the same on every machine.</summary>
    public CultureInfo Culture { get; }

    /// <summary>Small numbers as words, from zero.</summary>
    public IReadOnlyList<string> Numbers { get; }

    public IEnumerable<string> Paths => _texts.Keys;

    /// <summary>The languages that are there, English first.</summary>
    public static IReadOnlyList<Catalogue> All { get; } = [.. Codes().Select(code => new Catalogue(code, Texts(code))).OrderBy(language => language.Code != "en").ThenBy(language => language.Code, StringComparer.Ordinal)];

    public static Catalogue English => All[0];

    /// <summary>The language of a code; <c>language_unknown</c> when nobody has written it yet.</summary>
    public static Catalogue Of(string? code) => string.IsNullOrEmpty(code)
        ? English
        : All.FirstOrDefault(language => language.Code.Equals(code, StringComparison.OrdinalIgnoreCase))
            ?? throw ProblemException.Invalid("language_unknown", $"Stories are not told in '{Shorten(code)}' yet.", $"Choose one of: {string.Join(", ", All.Select(one => one.Code))}.");

    public string? Find(string path) => _texts.GetValueOrDefault(path);

    public string Text(string path) => _texts.TryGetValue(path, out var text) ? text : throw new CatalogueException($"The language '{Code}' has no text '{path}'.");

    /// <summary>The same language with every text passed through <paramref name="change"/>: for trial languages and broken ones.</summary>
    public Catalogue With(string code, Func<string, string, string> change) => new(code, _texts.ToDictionary(text => text.Key, text => Fixed.Contains(text.Key) ? text.Value : change(text.Key, text.Value)));

    /// <summary>The same language without a text.</summary>
    public Catalogue Without(string path) => new(Code, _texts.Where(text => text.Key != path).ToDictionary(StringComparer.Ordinal));

    /// <summary>The same language with one more text.</summary>
    public Catalogue And(string path, string text) => new(Code, new Dictionary<string, string>(_texts, StringComparer.Ordinal) { [path] = text });

    /// <summary>The form of <c>one/other</c> that goes with a count.</summary>
    public string Form(string forms, long n)
    {
        var all = forms.Split('/');
        return all[Math.Min(Plural.Form(Text("plural"), n), all.Length - 1)];
    }

    private CultureInfo Read()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (Text("decimal"), Text("group"));
        culture.DateTimeFormat.MonthNames = [.. Text("months").Split(' '), ""];
        culture.DateTimeFormat.MonthGenitiveNames = culture.DateTimeFormat.MonthNames;
        culture.DateTimeFormat.DayNames = Text("weekdays").Split(' ');
        culture.DateTimeFormat.AbbreviatedDayNames = Text("weekdays_short").Split(' ');
        (culture.DateTimeFormat.AMDesignator, culture.DateTimeFormat.PMDesignator) = (Find("am") ?? "", Find("pm") ?? "");
        return culture;
    }

    private static string Shorten(string code) => Steward.Names.Shorten(code);

    /// <summary>A language is there once its main file is: <c>CODE.yaml</c>. Further files of it wait for that.</summary>
    private static IEnumerable<string> Codes() => Files().Where(file => file.Resource == $"tellings/{file.Code}.yaml").Select(file => file.Code);

    private static IEnumerable<(string Code, string Resource)> Files() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith("tellings/", StringComparison.Ordinal))
        .Select(name => (name["tellings/".Length..].Split('.')[0], name));

    private static Dictionary<string, string> Texts(string code)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, resource) in Files().Where(file => file.Code == code).OrderBy(file => file.Resource, StringComparer.Ordinal))
        {
            using var stream = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
            var yaml = new YamlStream();
            yaml.Load(stream);
            Flatten((YamlMappingNode)yaml.Documents[0].RootNode, "", texts);
        }

        return texts;
    }

    private static void Flatten(YamlMappingNode node, string path, Dictionary<string, string> texts)
    {
        foreach (var (key, value) in node.Children)
        {
            var here = path.Length == 0 ? ((YamlScalarNode)key).Value! : $"{path}.{((YamlScalarNode)key).Value}";
            if (value is YamlMappingNode inner)
                Flatten(inner, here, texts);
            else
                texts[here] = ((YamlScalarNode)value).Value ?? "";
        }
    }
}
