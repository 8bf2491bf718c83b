namespace SemanticKernel.Steering.Tests;

public sealed class RowPoolerTests
{
    [Fact]
    public void Finish_UsedTwice_StartsOver()
    {
        foreach (var pooling in Enum.GetValues<Pooling>())
        {
            var pooler = new RowPooler(1, pooling);
            var pooled = new float[1];
            pooler.Add([-5]);
            pooler.Add([50]);
            pooler.Finish(pooled);
            pooler.Add([3]);
            pooler.Finish(pooled);
            Assert.Equal(3f, pooled[0]);
        }
    }

    [Fact]
    public void Finish_NoRows_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new RowPooler(1, Pooling.Mean).Finish(new float[1]));

    [Fact]
    public void Add_WrongWidth_Throws() =>
        Assert.Throws<ArgumentException>(() => new RowPooler(2, Pooling.Max).Add([1]));

    [Fact]
    public void Finish_WrongWidth_Throws()
    {
        var pooler = new RowPooler(2, Pooling.Mean);
        pooler.Add([1, 2]);
        Assert.Throws<ArgumentException>(() => pooler.Finish(new float[1]));
    }
}
