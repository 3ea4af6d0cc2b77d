// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A clause of a manifest's header about packages (OSGi Core 8, 3.2.4).
 *
 * @param names    the packages
 * @param version  a version or a range of versions, as it is written; 0 if none is
 * @param optional whether it need not be there
 */
record PackageClause(List<String> names, String version, boolean optional) {
  /** Names, then parameters, whose values may have commas in quotation marks. */
  private static final Pattern CLAUSE = Pattern.compile("(?:[^,\"]|\"[^\"]*\")+");
  private static final Pattern VERSION = Pattern.compile(";\\s*version\\s*=\\s*\"?([^\";]+)\"?");
  private static final Pattern OPTIONAL = Pattern.compile(";\\s*resolution\\s*:=\\s*\"?optional\"?");

  /** All of a header; none of null, which a manifest has in the place of one that it lacks. */
  static List<PackageClause> of(String header) {
    List<PackageClause> all = new ArrayList<>();
    Matcher clauses = CLAUSE.matcher(header == null ? "" : header);
    while (clauses.find()) {
      String clause = clauses.group();
      Matcher version = VERSION.matcher(clause);
      all.add(new PackageClause(Stream.of(clause.split(";")).map(String::strip).filter(word -> !word.contains("=")).toList(), version.find()
          ? version.group(1).strip() : "0", OPTIONAL.matcher(clause).find()));
    }
    return all;
  }
}
