// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.machine.hang.CodeOwners;

/** What versions of bundles leave behind when they are replaced: class loaders that can't be collected, threads that never end. */
final class Leftovers {
  /** Replacements of a bundle after which is looked first; the next time after twice as many, and so on. */
  static final int FIRST = 10;
  private static final int NAMED = 5;

  private final CodeOwners owners;
  private final Map<String, Past> past = new HashMap<>();

  private static final class Past {
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    private int replaced;
    private int look = FIRST;
  }

  Leftovers(CodeOwners owners) {
    this.owners = owners;
  }

  /**
   * A bundle was replaced.
   *
   * @param old the class loader of the version that went
   * @return what it leaves behind, for people; null if that isn't looked at now, or is nothing
   */
  String replaced(String bundle, ClassLoader old) {
    Past of = past.computeIfAbsent(bundle, name -> new Past());
    of.loaders.add(new WeakReference<>(old));
    if (++of.replaced < of.look) {
      return null;
    }
    of.look *= 2;
    // The only way to know; some ten milliseconds, while machines stand still anyway, and less and less often.
    System.gc();
    of.loaders.removeIf(loader -> loader.get() == null);
    int kept = of.loaders.size();
    if (kept <= FIRST / 2) {
      return null;
    }
    Set<String> threads = threads(bundle, of.loaders);
    return "of " + of.replaced + " versions that were replaced " + kept + " are still in memory"
        + (threads.isEmpty() ? ": something outside the bundle holds on to its objects"
            : ", with threads that go on: " + String.join(", ", threads.stream().limit(NAMED).toList())
                + (threads.size() > NAMED ? " …" : ""))
        + ". A model must end what it began when it is removed or replaced";
  }

  /** Threads that are of old versions, or stand in the bundle's code. */
  private Set<String> threads(String bundle, List<WeakReference<ClassLoader>> loaders) {
    Set<String> names = new TreeSet<>();
    Thread.getAllStackTraces().forEach((thread, stack) -> {
      boolean old = loaders.stream().map(WeakReference::get)
          .anyMatch(loader -> loader != null && (loader == thread.getContextClassLoader() || loader == thread.getClass().getClassLoader()));
      if (thread != Thread.currentThread() && (old || in(bundle, stack))) {
        names.add(thread.getName());
      }
    });
    return names;
  }

  /** A thread whose outermost code with an owner is the bundle's was begun by it. */
  private boolean in(String bundle, StackTraceElement[] stack) {
    for (int i = stack.length - 1; i >= 0; i--) {
      String owner = owners.of(stack[i].getClassName()).bundle();
      if (!owner.isEmpty()) {
        return owner.equals(bundle);
      }
    }
    return false;
  }
}
