using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using Dapper;

namespace Steward.Storage;

/// <summary>
/// One spelling of values for both engines: times are <c>bigint</c> microseconds UTC, booleans 0 and 1,
/// enums their camel-case word, digests hex text.
/// </summary>
internal static class Bind
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Shapes = new();

    static Bind()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Handle(new TimeHandler());
        Handle(new BoolHandler());
        Handle(new IntHandler());
        Handle(new DigestHandler());

        static void Handle<T>(SqlMapper.TypeHandler<T> handler) where T : struct
        {
            SqlMapper.RemoveTypeMap(typeof(T));
            SqlMapper.RemoveTypeMap(typeof(T?));
            SqlMapper.AddTypeHandler(handler);
        }
    }

    /// <summary>Registers the handlers; called before the first statement.</summary>
    public static void Ready() { }

    public static DynamicParameters? Of(object? values)
    {
        if (values is null)
            return null;
        if (values is DynamicParameters ready)
            return ready;
        var bound = new DynamicParameters();
        foreach (var property in Shapes.GetOrAdd(values.GetType(), type => type.GetProperties()))
            bound.Add(property.Name, Plain(property.GetValue(values)));
        return bound;
    }

    private static object? Plain(object? value) => value switch
    {
        Enum word => Word(word),
        DateTimeOffset time => time.ToMicroseconds(),
        bool yes => yes ? 1L : 0L,
        Digest digest => digest.Hex,
        string or byte[] => value,
        System.Collections.IEnumerable many => Array([.. many.Cast<object?>().Select(Plain)]),
        _ => value,
    };

    /// <summary>PostgreSQL wants to know what an array holds: our lists hold names and numbers.</summary>
    private static object Array(object?[] values) => values.Any(value => value is long or int)
        ? values.Select(value => Convert.ToInt64(value, null)).ToArray()
        : values.Select(value => (string?)value).ToArray();

    private static string Word(Enum word)
    {
        var name = word.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => Times.FromMicroseconds(Convert.ToInt64(value, null));
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToMicroseconds();
    }

    private sealed class BoolHandler : SqlMapper.TypeHandler<bool>
    {
        public override bool Parse(object value) => value is bool yes ? yes : Convert.ToInt64(value, null) != 0;
        public override void SetValue(IDbDataParameter parameter, bool value) => parameter.Value = value ? 1L : 0L;
    }

    private sealed class IntHandler : SqlMapper.TypeHandler<int>
    {
        public override int Parse(object value) => checked((int)Convert.ToInt64(value, null));
        public override void SetValue(IDbDataParameter parameter, int value) => parameter.Value = (long)value;
    }

    private sealed class DigestHandler : SqlMapper.TypeHandler<Digest>
    {
        public override Digest Parse(object value) => Digest.Parse((string)value);
        public override void SetValue(IDbDataParameter parameter, Digest value) => parameter.Value = value.Hex;
    }
}

/// <summary>Times as they are stored: whole microseconds since 1970, UTC.</summary>
public static class Times
{
    public static long ToMicroseconds(this DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Now, as it will be read back.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => FromMicroseconds(clock.GetUtcNow().ToMicroseconds());

    public static DateTimeOffset FromMicroseconds(long value) => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond);
}
