// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.lang.reflect.Constructor;
import java.nio.file.Path;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.graph.Interpreter;

/** What executes scenarios on our side. All but the first need guests' memory outside of the heap, and a host that has machine code. */
enum X64Engine {
  /** Closures. */
  INTERPRETER(false, false),
  /** Machine code that nothing is kept of. */
  MACHINE_CODE(false, true),
  /** Machine code in slices of any size, which is kept. */
  COLD(true, true),
  /** Machine code that the one before has kept. */
  KEPT(true, false);

  private static final String BUNDLE = "org.xenolith.cpu.x64.machinecode";

  /** Whether it has a folder of translations. */
  final boolean keeps;
  /** Whether it is called for a few instructions, too. */
  final boolean sliced;

  X64Engine(boolean keeps, boolean sliced) {
    this.keeps = keeps;
    this.sliced = sliced;
  }

  /** Whether it can be in this process. */
  boolean here() {
    return this == INTERPRETER || HostMemory.OUTSIDE && System.getProperty("os.arch").equals("amd64") && System.getProperty("os.name")
        .equals(
            "Linux");
  }

  /** One for a CPU. @param folder where code is kept, if it is */
  CpuEngine of(Core cpu, Path folder) {
    if (this == INTERPRETER) {
      return new Interpreter(cpu);
    }
    try {
      // Its classes are nobody's but the bundle's.
      Class<?> folderType = load("org.xenolith.hostcode.kit.pages.TranslationFolder");
      Constructor<?> kept = folderType.getDeclaredConstructor(Path.class, String.class);
      kept.setAccessible(true);
      Constructor<?> engine = load(BUNDLE + ".MachineCodeEngine").getDeclaredConstructor(Core.class, folderType);
      engine.setAccessible(true);
      return (CpuEngine) engine.newInstance(cpu, keeps ? kept.newInstance(folder, "scenarios") : null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(BUNDLE + " is made in another way now", e);
    }
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    Bundle own = FrameworkUtil.getBundle(X64Engine.class);
    if (own == null) {
      return Class.forName(name);
    }
    for (Bundle bundle : own.getBundleContext().getBundles()) {
      if (BUNDLE.equals(bundle.getSymbolicName())) {
        return bundle.loadClass(name);
      }
    }
    throw new AssertionError("no bundle " + BUNDLE);
  }
}
