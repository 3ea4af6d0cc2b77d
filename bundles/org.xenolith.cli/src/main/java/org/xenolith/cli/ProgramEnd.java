// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The end of the process, which is the launcher's: bundles can't hold it up there. In a process without the launcher it is the JVM's. */
final class ProgramEnd {
  private ProgramEnd() {}

  /** Ends the process. @param words last ones, in which options are named as messages name them; empty for none */
  @SuppressWarnings("unchecked") // the launcher's property promises the type arguments
  static void now(int code, String words) {
    BiConsumer<Integer, String> end = service(BiConsumer.class, "(xenolith.end=true)");
    if (end == null) {
      System.err.println(words);
      System.exit(code);
    } else {
      end.accept(code, words);
    }
  }

  /** Has something done when the process ends; in place of what was to be done before. */
  @SuppressWarnings("unchecked") // the launcher's property promises the type argument
  static void first(Runnable action) {
    Consumer<Runnable> first = service(Consumer.class, "(xenolith.atEnd=true)");
    if (first != null) {
      first.accept(action);
    }
  }

  private static <T> T service(Class<T> type, String filter) {
    Bundle bundle = FrameworkUtil.getBundle(ProgramEnd.class);
    BundleContext context = bundle == null ? null : bundle.getBundleContext();
    try {
      ServiceReference<T> found = context == null ? null : context.getServiceReferences(type, filter).stream().findFirst().orElse(null);
      return found == null ? null : context.getService(found);
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException(filter, e);
    }
  }
}
