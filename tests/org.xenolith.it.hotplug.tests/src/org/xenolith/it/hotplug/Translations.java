// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Regions of guest code that the program has translated. Each is a class for as long as an engine may use it again: it stands in the
 * library, which holds so many ways in and no more, or nodes of a page enter it, or both.
 *
 * @param classes classes of regions that the JVM has loaded
 * @param used    at least as many as are of use: what the library holds, and classes that pages have objects of. Most are both and
 *                count twice, so that classes which nothing uses show here only when they are more than those; before, the heap tells
 */
record Translations(int classes, int used) {
  private static final String NUMBERS = "(?m)^ *\\d+: +(\\d+) +\\d+ +";
  private static final Pattern LIBRARY = Pattern.compile(NUMBERS + "org\\.xenolith\\.cpu\\.a64\\.regions\\.Compiled(?: .*)?$");
  private static final Pattern INSTALLED = Pattern.compile(NUMBERS + "org\\.xenolith\\.cpu\\.a64\\.regions\\.Translated\\$Region[/+].*$");
  /** Below the row of a class loader of a bundle, its classes that no loader knows by name. */
  private static final Pattern HIDDEN = Pattern.compile("EquinoxClassLoader\\s*\\n +(\\d+) +\\d+ +\\d+ +\\+ hidden classes");

  /** What the JVM says after a full collection. */
  static Translations now() {
    // It collects: classes that nothing uses are gone after it.
    String objects = ask("gcClassHistogram", new Object[] {new String[0]}, String[].class.getName());
    Matcher library = LIBRARY.matcher(objects);
    int used = (library.find() ? Integer.parseInt(library.group(1)) : 0) + (int) INSTALLED.matcher(objects).results().count();
    int classes = HIDDEN.matcher(ask("vmClassloaderStats", new Object[0])).results().mapToInt(row -> Integer.parseInt(row.group(1))).sum();
    return new Translations(classes, used);
  }

  private static String ask(String command, Object[] arguments, String... types) {
    try {
      return ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), command,
          arguments, types).toString();
    } catch (JMException e) {
      throw new AssertionError("the JVM doesn't say what it holds", e);
    }
  }

  @Override
  public String toString() {
    return classes + " translations (" + used + " of use)";
  }
}
