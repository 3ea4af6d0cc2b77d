// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.FrameworkUtil;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/**
 * The product's engine {@code regions}, which translates what was branched to once, and at once: as a service it waits for 8000 branches,
 * so that code which is executed once or twice would never be in a region. What it executed in regions is counted.
 */
final class TranslatingEngine implements CpuEngineFactory, MachineWatcher {
  private static final String BUNDLE = "org.xenolith.cpu.a64.regions";

  private final Constructor<?> engine;
  private final Object translator;
  private long instructions;
  private int translations;

  TranslatingEngine() {
    try {
      // Its classes are nobody's but the bundle's.
      Class<?> type = load("RegionEngine");
      Class<?> translatorType = load("Translator");
      Constructor<?> maker = translatorType.getDeclaredConstructor(boolean.class, ExecutorService.class);
      maker.setAccessible(true);
      translator = maker.newInstance(false, new AtOnce());
      engine = type.getDeclaredConstructor(Cpu.class, translatorType, int.class);
      engine.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(BUNDLE + " is made in another way now", e);
    }
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    var own = FrameworkUtil.getBundle(TranslatingEngine.class);
    if (own == null) {
      return Class.forName(BUNDLE + '.' + name);
    }
    for (var bundle : own.getBundleContext().getBundles()) {
      if (BUNDLE.equals(bundle.getSymbolicName())) {
        return bundle.loadClass(BUNDLE + '.' + name);
      }
    }
    throw new AssertionError("no bundle " + BUNDLE);
  }

  @Override
  public CpuEngine create(CpuPort port) {
    Cpu cpu = port.as(Cpu.class);
    cpu.exits.add(this);
    try {
      return (CpuEngine) engine.newInstance(cpu, translator, 1);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Instructions executed in regions so far. */
  long instructions() {
    return instructions;
  }

  /** Regions translated so far, or attempted. */
  int translations() {
    return translations;
  }

  @Override
  public void translated(long executed, String wayOut) {
    instructions += executed;
  }

  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long executed, long nanoseconds, long inExits) {}

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {}

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}

  /** Executes what it is given before it returns. */
  private final class AtOnce extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      translations++;
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() { return false; }

    @Override
    public boolean isTerminated() { return false; }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
