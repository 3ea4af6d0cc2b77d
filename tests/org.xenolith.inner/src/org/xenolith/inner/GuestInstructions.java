// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inner;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds of a guest instruction, by engine and by what the guest's loop is made of. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GuestInstructions {
  private static final Map<String, String> BODIES = Map.of(
      // what the engine itself takes: nodes one after another, or a region; each needs the one before
      "arithmetic", "add x1, x1, x2\n eor x1, x1, x1, lsr #7\n".repeat(8),
      // hits of the data TLB's tags, in eight pages; each address is what was loaded before
      "loads", "ldr x20, [x20]\n".repeat(8),
      // calls and returns: from region to region
      "calls", "bl called\n".repeat(8),
      // to the machine and back
      "device", "ldr w3, [x21]\n".repeat(8));

  @Param({"interpreter", "regions"})
  public String engine;

  @Param({"arithmetic", "loads", "calls", "device"})
  public String body;

  private GuestLoop guest;

  @Setup(Level.Trial)
  public void start() {
    guest = new GuestLoop(engine, BODIES.get(body));
  }

  @TearDown(Level.Trial)
  public void stop() {
    guest.close();
  }

  @Benchmark
  @OperationsPerInvocation(GuestLoop.INSTRUCTIONS)
  public void instruction() {
    guest.run();
  }
}
