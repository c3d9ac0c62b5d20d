namespace Steward.Oci;

/// <summary>
/// The root file system that layers make together, by the rules of the OCI image specification: later layers cover earlier
/// ones, whiteouts take away what lies below, hard links share a file, and links on the way lead around inside the root.
/// </summary>
public sealed class RootTree
{
    private const string Whiteout = ".wh.", Opaque = ".wh..wh..opq", Reserved = ".wh..wh.";
    private const int MostHops = 40;
    private readonly SortedDictionary<string, RootNode> _all = new(StringComparer.Ordinal);
    private readonly TarLimits _limits;
    private int _layer = -1;
    private int _place;

    public RootTree(TarLimits? limits = null) => _limits = limits ?? new();

    /// <summary>Everything that is there, sorted by path; the root itself is left out.</summary>
    public IReadOnlyDictionary<string, RootNode> All => _all;

    public RootNode? Find(string path) => _all.GetValueOrDefault(path);

    /// <summary>What a path means inside the root, links followed; null when nothing is there.</summary>
    public RootNode? Follow(string path)
    {
        var hops = 0;
        var at = Resolve(path, ref hops, last: true);
        return _all.GetValueOrDefault(at);
    }

    /// <summary>Everything that is read of the next layer goes on top.</summary>
    public void BeginLayer() => (_layer, _place) = (_layer + 1, 0);

    public void Apply(TarEntry entry)
    {
        var place = _place++;
        if (entry.Path.Length == 0)
            return;
        if (_all.Count > _limits.MostEntries)
            throw OciException.TooLarge($"The layers hold more than {_limits.MostEntries:N0} files.");
        var hops = 0;
        var slash = entry.Path.LastIndexOf('/');
        var folder = slash < 0 ? "" : Resolve(entry.Path[..slash], ref hops, last: true);
        var name = entry.Path[(slash + 1)..];
        if (name.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            Hide(folder, name);
            return;
        }

        MakeFolders(folder);
        var path = folder.Length == 0 ? name : $"{folder}/{name}";
        Replace(path, entry);
        _all[path] = entry.Kind is TarKind.HardLink ? Shared(path, entry) : new(entry with { Path = path }, _layer, _layer, place);
    }

    private RootNode Shared(string path, TarEntry entry)
    {
        var hops = 0;
        var slash = entry.Link!.LastIndexOf('/');
        var folder = slash < 0 ? "" : Resolve(entry.Link[..slash], ref hops, last: true);
        var target = folder.Length == 0 ? entry.Link[(slash + 1)..] : $"{folder}/{entry.Link[(slash + 1)..]}";
        if (_all.GetValueOrDefault(target) is not { Entry.Kind: TarKind.File } shared)
            throw OciException.Invalid($"The hard link '{Shown.Short(path)}' leads to '{Shown.Short(entry.Link)}', which is no file of this image.");
        return shared with { Layer = _layer, HardLinkTo = shared.HardLinkTo ?? target };
    }

    private void Hide(string folder, string name)
    {
        if (name == Opaque)
            Remove(Below(folder), ofLower: true);
        else if (!name.StartsWith(Reserved, StringComparison.Ordinal))
        {
            var hidden = name[Whiteout.Length..];
            if (hidden is "" or "." or "..")
                throw OciException.Invalid($"A whiteout names nothing: '{Shown.Short(name)}'.");
            var path = folder.Length == 0 ? hidden : $"{folder}/{hidden}";
            Remove(Below(path).Append(path), ofLower: true);
        }
    }

    /// <summary>A second entry of the same layer would mean one thing to one tool and another to the next.</summary>
    private void Replace(string path, TarEntry entry)
    {
        if (!_all.TryGetValue(path, out var before))
            return;
        var folders = before.Entry.Kind is TarKind.Folder && entry.Kind is TarKind.Folder;
        if (before.Layer == _layer && !before.IsImplied && !folders)
            throw OciException.Invalid($"'{Shown.Short(path)}' is in one layer twice.", "Do not use it: tools disagree about which of the two counts.");
        if (before.Entry.Kind is TarKind.Folder && entry.Kind is not TarKind.Folder)
        {
            if (Below(path).FirstOrDefault(one => _all[one].Layer == _layer) is { } inside)
                throw OciException.Invalid($"'{Shown.Short(path)}' is a folder and something else in one layer, with '{Shown.Short(inside)}' in it.");
            Remove(Below(path), ofLower: false);
        }
    }

    private void MakeFolders(string path)
    {
        if (path.Length == 0)
            return;
        if (_all.TryGetValue(path, out var found))
        {
            if (found.Entry.Kind is not TarKind.Folder)
                throw OciException.Invalid($"'{Shown.Short(path)}' is no folder, and something would lie in it.");
            return;
        }

        var slash = path.LastIndexOf('/');
        MakeFolders(slash < 0 ? "" : path[..slash]);
        _all[path] = new(TarEntry.Folder(path), _layer, _layer, -1);
    }

    /// <summary>The path with every link on its way followed, never above the root.</summary>
    private string Resolve(string path, ref int hops, bool last)
    {
        var waiting = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var at = new List<string>();
        while (waiting.TryPop(out var part))
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                if (at.Count > 0)
                    at.RemoveAt(at.Count - 1);
                continue;
            }

            at.Add(part);
            if ((waiting.Count == 0 && !last) || _all.GetValueOrDefault(string.Join('/', at)) is not { Entry: { Kind: TarKind.SymbolicLink, Link: { } to } })
                continue;
            if (++hops > MostHops)
                throw OciException.Invalid($"Links lead around in a circle at '{Shown.Short(path)}'.");
            at.RemoveAt(at.Count - 1);
            if (to.StartsWith('/'))
                at.Clear();
            foreach (var next in to.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                waiting.Push(next);
            if (waiting.Count > 4096)
                throw OciException.Invalid($"Links lead too far at '{Shown.Short(path)}'.");
        }

        return string.Join('/', at);
    }

    private List<string> Below(string folder)
        => [.. folder.Length == 0 ? _all.Keys : _all.Keys.Where(path => path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal))];

    private void Remove(IEnumerable<string> paths, bool ofLower)
    {
        foreach (var path in paths.ToList())
            if (_all.TryGetValue(path, out var node) && (!ofLower || node.Layer < _layer))
                _all.Remove(path);
    }
}

/// <param name="Layer">The layer that put it there.</param>
/// <param name="ContentLayer">The layer that its content is in: an earlier one for a hard link to what was there.</param>
/// <param name="Place">Which entry of that layer it is; below 0 for a folder that no layer names.</param>
public sealed record RootNode(TarEntry Entry, int Layer, int ContentLayer, int Place)
{
    /// <summary>The path of the file that it shares its bytes with.</summary>
    public string? HardLinkTo { get; init; }

    public bool IsImplied => Place < 0;
}
