using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Steward.Projects;

/// <summary>YAML as data: keys, lists and values. Nothing refers, nothing has a type, nothing is nested too deep.</summary>
public static class PlainYaml
{
    private const int MostDepth = 20;

    /// <summary>The one document; null when there is none or more. Says what is wrong by <see cref="YamlException"/>.</summary>
    public static YamlNode? Read(string text)
    {
        try
        {
            RefuseTricks(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: var root }] ? root : null;
        }
        catch (ArgumentException error)
        {
            // The parser lets some malformed tags through to the constructors of its own words.
            throw new YamlException(new Mark(0, 1, 1), new Mark(0, 1, 1), error.Message);
        }
    }

    private static void RefuseTricks(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var now = parser.Current!;
            depth += now.NestingIncrease;
            var trick = now switch
            {
                AnchorAlias => "Aliases (*name) are not read here.",
                NodeEvent { Anchor.IsEmpty: false } => "Anchors (&name) are not read here.",
                NodeEvent { Tag.IsEmpty: false } => "Tags (!name) are not read here.",
                _ => depth > MostDepth ? "This is nested too deep." : null,
            };
            if (trick is not null)
                throw new YamlException(now.Start, now.End, trick);
        }
    }
}
