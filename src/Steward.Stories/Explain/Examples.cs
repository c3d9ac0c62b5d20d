namespace Steward.Stories;

/// <summary>What stands for a project's own figures while there are none.</summary>
internal static class Examples
{
    private static readonly string[] Fruits = ["mango", "papaya", "kiwi"];

    public const int Limit = 16;

    public static Recorder Of(string project, string topic)
    {
        var all = new Recorder(project, Topic.Prefix + topic, topic);
        var source = new Source(Source.Example, "example", $"/projects/{project}/explain/{topic}");
        var at = DateTimeOffset.UnixEpoch;
        foreach (var (kind, place) in Fruits.Select((kind, i) => (kind, i + 1)))
            all.Name($"kind.{place}", kind);
        return topic switch
        {
            "container" => all.Count("things", 3, source, at),
            "kubernetes" => all.Count("rooms", 3, source, at).Count("left", 2, source, at),
            "supervised" => all.Count("named", 30, source, at),
            "unsupervised" => all.Count("pictures", 30, source, at).Count("heaps", 3, source, at),
            "drift" => all.Count("window", 100, source, at).Count("limit", Limit, source, at),
            "active-learning" => all.Count("asked", 10, source, at),
            "canary" => all.Share("share", 0.05, 0, source, at, "traffic"),
            "sign-off" => all.Count("parties", 3, source, at),
            "overfitting" => all.Share("train", 0.95, 0, source, at, "book").Share("test", 0.6, 0, source, at, "new"),
            "confidence" => all.Share("right", 0.9, 0, source, at, "sure-told").Share("sure", 0.8, 0, source, at, "answers"),
            _ => all,
        };
    }
}
