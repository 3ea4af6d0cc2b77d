// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.efi.api.EfiStatus;

/** What {@link RuntimeCases} has told, as facts that can be held beside those of another firmware: {@code runtime SERVICE, CASE: STATUS LABEL=VALUE …}. */
public final class RuntimeFacts {
  /** What the program tells when it has called everything. */
  public static final String END = "runtime end";
  private static final Pattern LINE = Pattern.compile("(runtime [^:\\r\\n]*): ([0-9A-F]+)((?: [a-z]+=[0-9A-F]+)*)");

  private RuntimeFacts() {}

  /** The facts of a console's text. */
  public static Set<String> of(String console) {
    Set<String> facts = new TreeSet<>();
    Matcher matcher = LINE.matcher(console);
    while (matcher.find()) {
      EfiStatus status = EfiStatus.of(Long.parseUnsignedLong(matcher.group(2), 16));
      facts.add(matcher.group(1) + ": " + (status == null ? matcher.group(2) : status) + matcher.group(3));
    }
    return facts;
  }
}
