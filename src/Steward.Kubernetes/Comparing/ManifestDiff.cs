namespace Steward.Kubernetes;

/// <summary>
/// Compares manifests by what they mean: the order of keys does not matter, equal amounts are equal (<c>0.5</c> is
/// <c>500m</c>), items of a list are found by their name where Kubernetes finds them so.
/// </summary>
public sealed class ManifestDiff
{
    private readonly List<Difference> _differences = [];

    private ManifestDiff() { }

    /// <summary>What lies there, against what would be written. Files that cannot be read are told as findings.</summary>
    public static (IReadOnlyList<Difference> Differences, IReadOnlyList<Finding> Unread) Between(IReadOnlyList<ManifestFile> wanted, IReadOnlyList<ManifestFile> found)
    {
        var unread = new List<Finding>();
        var (theirs, all) = (Objects(found, unread), new ManifestDiff());
        foreach (var one in Objects(wanted, []))
        {
            var there = theirs.Find(other => other.Kind == one.Kind && other.Name == one.Name && Group(other) == Group(one));
            if (there is null)
                all._differences.Add(new(one.Title, "", DifferenceKind.MissingObject, one.Title, null, "", 0));
            else
                all.Compare(one.Title, one.Root, there.Root, SchemaBook.Kubernetes.Find(one.ApiVersion, one.Kind));
            theirs.Remove(there!);
        }

        all._differences.AddRange(theirs.Where(own => own.Kind.Length > 0).Select(own => new Difference(own.Title, "", DifferenceKind.OwnObject, null, own.Title, own.Root.File, own.Root.Line)));
        return (all._differences, unread);
    }

    private static List<ManifestObject> Objects(IReadOnlyList<ManifestFile> files, List<Finding> unread)
        => [.. files.SelectMany(file => new ManifestReader(file.Name, unread).Read(file.Text).Select(node => new ManifestObject(new(file.Name, "", node.Line, node), isPatch: false)))];

    private static string Group(ManifestObject one) => one.ApiVersion.Contains('/', StringComparison.Ordinal) ? one.ApiVersion.Split('/')[0] : "";

    private void Compare(string title, Spot wanted, Spot found, Schema? schema)
    {
        if (wanted.IsThere != found.IsThere)
            Tell(title, wanted.IsThere ? DifferenceKind.Missing : DifferenceKind.Added, wanted, found);
        else if (wanted.Node is Node.Mapping && found.Node is Node.Mapping)
            foreach (var key in wanted.Entries.Select(entry => entry.Key).Union(found.Entries.Select(entry => entry.Key)))
                Compare(title, wanted[key], found[key], schema?.Followed.Property(key) ?? schema?.Followed.Additional);
        else if (wanted.Node is Node.Sequence && found.Node is Node.Sequence)
            Lists(title, wanted, found, schema);
        else if (wanted.IsThere && !Equal(wanted.Node!, found.Node!, schema))
            Tell(title, DifferenceKind.Changed, wanted, found);
    }

    private void Lists(string title, Spot wanted, Spot found, Schema? schema)
    {
        var (ours, theirs) = (wanted.Items.ToList(), found.Items.ToList());
        var each = schema?.Items;
        if (schema?.Keys is { Count: > 0 } keys)
        {
            foreach (var item in ours.ToList())
                if (theirs.Find(other => keys.All(key => other[key].Text == item[key].Text)) is { } there)
                {
                    Compare(title, item, there, each);
                    ours.Remove(item);
                    theirs.Remove(there);
                }

            // One that lacks and one too many: it was changed in what tells it apart.
            if (ours is [var one] && theirs is [var other])
                Compare(title, one, other, each);
            else
            {
                ours.ForEach(item => Tell(title, DifferenceKind.Missing, item, new(found.File, item.Path, found.Line, null)));
                theirs.ForEach(own => Tell(title, DifferenceKind.Added, new(own.File, own.Path, own.Line, null), own));
            }
        }
        else if (ours.Count == theirs.Count)
            foreach (var (item, there) in ours.Zip(theirs))
                Compare(title, item, there, each);
        else
            Tell(title, DifferenceKind.Changed, wanted, found);
    }

    private static bool Equal(Node wanted, Node found, Schema? schema)
    {
        if (wanted is not Node.Scalar ours || found is not Node.Scalar theirs)
            return false;
        if (schema?.IsQuantity is true && Quantity.Parse(ours.Text) is { } amount && Quantity.Parse(theirs.Text) is { } other)
            return amount == other;
        return ours.Kind == theirs.Kind && ours.Kind switch
        {
            ScalarKind.Integer => Scalars.Value(ours.Text) == Scalars.Value(theirs.Text),
            ScalarKind.Boolean => Scalars.IsTrue(ours.Text) == Scalars.IsTrue(theirs.Text),
            _ => ours.Text == theirs.Text,
        };
    }

    private void Tell(string title, DifferenceKind kind, Spot wanted, Spot found)
        => _differences.Add(new(title, wanted.IsThere ? wanted.Path : found.Path, kind, Shown(wanted.Node), Shown(found.Node), found.IsThere ? found.File : "", found.IsThere ? found.Line : 0));

    private static string? Shown(Node? node) => node switch
    {
        null => null,
        Node.Scalar { Kind: ScalarKind.Text } word => ManifestWriter.Word(Finding.Shown(word.Text)),
        Node.Scalar word => Finding.Shown(word.Text),
        Node.Sequence list => Finding.Shown($"[{string.Join(", ", list.Items.Select(Shown))}]"),
        Node.Mapping map => Finding.Shown($"{{{string.Join(", ", map.Entries.Select(entry => $"{ManifestWriter.Word(Finding.Shown(entry.Key))}: {Shown(entry.Value)}"))}}}"),
        _ => "",
    };

}
