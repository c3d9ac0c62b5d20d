using System.Text;

namespace Steward.Packaging;

/// <summary>A version of PEP 440: <c>1!2.0rc1.post2.dev3+ubuntu.1</c>.</summary>
public sealed class Pep440Version : Release
{
    /// <summary>Sorts above every number: a place that no real version has.</summary>
    internal const long Beyond = long.MaxValue;

    private const long Nothing = -1;

    internal Pep440Version(long epoch, IReadOnlyList<long> numbers) => (Epoch, Numbers) = (epoch, numbers);

    public long Epoch { get; }

    public override IReadOnlyList<long> Numbers { get; }

    /// <summary><c>a</c>, <c>b</c> or <c>rc</c>.</summary>
    public string? PreKind { get; init; }

    public long Pre { get; init; } = Nothing;

    public long Post { get; init; } = Nothing;

    public long Dev { get; init; } = Nothing;

    /// <summary>Numbers or lower-case words.</summary>
    public IReadOnlyList<string> Local { get; init; } = [];

    /// <summary>Beyond every local version of this one.</summary>
    internal bool IsAfterLocals { get; init; }

    public bool HasPost => Post != Nothing;

    public bool HasDev => Dev != Nothing;

    public override bool IsPreview => PreKind is not null || HasDev;

    public override string Text
    {
        get
        {
            var text = new StringBuilder(Epoch == 0 ? "" : $"{Epoch}!").AppendJoin('.', Numbers);
            if (PreKind is not null)
                text.Append(PreKind).Append(Pre);
            if (HasPost)
                text.Append(".post").Append(Post);
            if (HasDev)
                text.Append(".dev").Append(Dev);
            if (Local.Count > 0)
                text.Append('+').AppendJoin('.', Local);
            return text.ToString();
        }
    }

    /// <summary>The edge <c>1.3.dev0</c> is what <c>&lt;1.3</c> means.</summary>
    internal override string Plain => Post == Beyond ? With(post: Nothing).Text : Dev == 0 && PreKind is null && !HasPost ? new Pep440Version(Epoch, Numbers).Text : Text;

    /// <summary>Below everything that has these numbers: <c>1.2.dev0</c>.</summary>
    internal static Pep440Version Lowest(long epoch, IReadOnlyList<long> numbers) => new(epoch, numbers) { Dev = 0 };

    internal Pep440Version With(long? post = null, bool afterLocals = false, long? dev = null, bool local = true) => new(Epoch, Numbers)
    {
        PreKind = PreKind,
        Pre = Pre,
        Post = post ?? Post,
        Dev = dev ?? Dev,
        Local = local ? Local : [],
        IsAfterLocals = afterLocals,
    };

    public override int CompareTo(Release? other)
    {
        if (other is not Pep440Version that)
            return other is null ? 1 : throw new InvalidOperationException("Versions of two schemes.");
        if (Epoch != that.Epoch)
            return Epoch.CompareTo(that.Epoch);
        if (Compare(Numbers, that.Numbers, 0, (left, right) => left.CompareTo(right)) is not 0 and var numbers)
            return numbers;
        if (PreRank.CompareTo(that.PreRank) is not 0 and var pre)
            return pre;
        if (Post != that.Post)
            return Post.CompareTo(that.Post);
        var (dev, thatDev) = (HasDev ? Dev : Beyond, that.HasDev ? that.Dev : Beyond);
        if (dev != thatDev)
            return dev.CompareTo(thatDev);
        return IsAfterLocals || that.IsAfterLocals ? IsAfterLocals.CompareTo(that.IsAfterLocals) : CompareLocals(Local, that.Local);
    }

    public override int GetHashCode() => HashCode.Combine(Epoch, Hash(Numbers, 0), PreRank, Post, Dev, IsAfterLocals, Local.Aggregate(0, (hash, piece) => HashCode.Combine(hash, piece)));

    /// <summary>A development release comes before the alphas, a final one after the candidates.</summary>
    private (int Kind, long Number) PreRank => PreKind switch
    {
        "a" => (1, Pre),
        "b" => (2, Pre),
        "rc" => (3, Pre),
        _ => (HasDev && !HasPost ? 0 : 4, 0),
    };

    /// <summary>None before any, words before numbers, the shorter first.</summary>
    private static int CompareLocals(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            var (isNumber, other) = (char.IsAsciiDigit(left[i][0]) && long.TryParse(left[i], out _), char.IsAsciiDigit(right[i][0]) && long.TryParse(right[i], out _));
            var order = isNumber != other ? isNumber.CompareTo(other) : isNumber ? long.Parse(left[i], null).CompareTo(long.Parse(right[i], null)) : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
                return order;
        }

        return left.Count.CompareTo(right.Count);
    }
}
