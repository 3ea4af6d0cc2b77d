// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.machine.kit.Ram;

/** The engines of this process, by which that of a fork finds the one whose code it may have: what a machine executes next its forks do, too. */
final class RelatedEngines {
  /** In the order in which they were made: none has another one's code that is younger, so that of two none waits for the other. */
  private static final List<WeakReference<Translations>> ALL = new ArrayList<>();

  private RelatedEngines() {}

  static void add(Translations engine) {
    synchronized (ALL) {
      ALL.add(new WeakReference<>(engine));
    }
  }

  static void remove(Translations engine) {
    synchronized (ALL) {
      ALL.removeIf(each -> each.get() == null || each.get() == engine);
    }
  }

  /** Has an engine that has no code yet take that of the eldest that is of its kind and has code of a chunk's relatives. Null if there is none. */
  static @Nullable TakenCode take(Translations engine, Ram ram) {
    if (!HostCode.hands()) {
      return null;
    }
    for (Translations each : elder(engine)) {
      TakenCode taken = each.kind.equals(engine.kind) && each.related(ram) ? engine.takeFrom(each) : null;
      if (taken != null) {
        return taken;
      }
    }
    return null;
  }

  private static List<Translations> elder(Translations engine) {
    List<Translations> elder = new ArrayList<>();
    synchronized (ALL) {
      for (WeakReference<Translations> each : ALL) {
        Translations one = each.get();
        if (one == engine) {
          break;
        }
        if (one != null) {
          elder.add(one);
        }
      }
    }
    return elder;
  }
}
