// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;

/** What the fuzzer calls for every input. Properties: {@code xenolith.fuzz.entry}, {@code xenolith.fuzz.findings}, a folder. */
public final class FuzzTarget {
  private static final Campaign CAMPAIGN = new Campaign(System.getProperty("xenolith.fuzz.entry"));

  private FuzzTarget() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    List<String> wrong = CAMPAIGN.execute(input);
    if (!wrong.isEmpty()) {
      throw new Finding(String.join("\n", wrong));
    }
  }
}
