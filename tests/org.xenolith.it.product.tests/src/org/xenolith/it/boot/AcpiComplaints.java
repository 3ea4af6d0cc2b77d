// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.util.List;
import java.util.regex.Pattern;

/** What a kernel has against the tables that describe its machine. */
final class AcpiComplaints {
  private static final Pattern COMPLAINT = Pattern.compile("(?i)ACPI Error|ACPI Warning|ACPI BIOS|Firmware Bug|not compliant");

  private AcpiComplaints() {}

  /** Its lines in a log. */
  static List<String> in(String log) {
    return log.lines().filter(line -> COMPLAINT.matcher(line).find()).toList();
  }
}
