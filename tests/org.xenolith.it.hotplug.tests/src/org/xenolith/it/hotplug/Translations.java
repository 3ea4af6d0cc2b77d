package org.xenolith.it.hotplug;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Regions of guest code that the program has translated and keeps: each is a class, for as long as an engine may use it again. */
final class Translations {
  private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +org\\.xenolith\\.cpu\\.regions\\.Compiled(?: .*)?$");

  private Translations() { }

  /** Their number, from the JVM's own list of live objects. */
  static int kept() {
    try {
      Object text = ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
          "gcClassHistogram", new Object[] {new String[0]}, new String[] {String[].class.getName()});
      Matcher found = LINE.matcher(text.toString());
      return found.find() ? Integer.parseInt(found.group(1)) : 0;
    } catch (JMException e) {
      throw new AssertionError("the JVM doesn't say what its heap holds", e);
    }
  }
}
