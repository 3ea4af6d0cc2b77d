// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of the ARMv8.0 cache, address translation and TLB operations: encodings as of system registers, with op0 = 1.
 * Source: Arm ARM, C5.3 to C5.5.
 */
public final class SystemOperationName {
  /** Kind, name, and op1, CRn, CRm, op2. */
  private static final String TABLE = """
            ic.ialluis=0.7.1.0 ic.iallu=0.7.5.0 ic.ivau=3.7.5.1
            dc.ivac=0.7.6.1 dc.isw=0.7.6.2 dc.csw=0.7.10.2 dc.cisw=0.7.14.2
            dc.zva=3.7.4.1 dc.cvac=3.7.10.1 dc.cvau=3.7.11.1 dc.civac=3.7.14.1
            at.s1e1r=0.7.8.0 at.s1e1w=0.7.8.1 at.s1e0r=0.7.8.2 at.s1e0w=0.7.8.3
            at.s1e2r=4.7.8.0 at.s1e2w=4.7.8.1 at.s12e1r=4.7.8.4 at.s12e1w=4.7.8.5 at.s12e0r=4.7.8.6 at.s12e0w=4.7.8.7
            at.s1e3r=6.7.8.0 at.s1e3w=6.7.8.1
            tlbi.vmalle1is=0.8.3.0 tlbi.vae1is=0.8.3.1 tlbi.aside1is=0.8.3.2 tlbi.vaae1is=0.8.3.3
            tlbi.vale1is=0.8.3.5 tlbi.vaale1is=0.8.3.7
            tlbi.vmalle1=0.8.7.0 tlbi.vae1=0.8.7.1 tlbi.aside1=0.8.7.2 tlbi.vaae1=0.8.7.3 tlbi.vale1=0.8.7.5 tlbi.vaale1=0.8.7.7
            tlbi.ipas2e1is=4.8.0.1 tlbi.ipas2le1is=4.8.0.5 tlbi.ipas2e1=4.8.4.1 tlbi.ipas2le1=4.8.4.5
            tlbi.alle2is=4.8.3.0 tlbi.vae2is=4.8.3.1 tlbi.alle1is=4.8.3.4 tlbi.vale2is=4.8.3.5 tlbi.vmalls12e1is=4.8.3.6
            tlbi.alle2=4.8.7.0 tlbi.vae2=4.8.7.1 tlbi.alle1=4.8.7.4 tlbi.vale2=4.8.7.5 tlbi.vmalls12e1=4.8.7.6
            tlbi.alle3is=6.8.3.0 tlbi.vae3is=6.8.3.1 tlbi.vale3is=6.8.3.5
            tlbi.alle3=6.8.7.0 tlbi.vae3=6.8.7.1 tlbi.vale3=6.8.7.5
            """;
  private static final Map<String, Integer> ENCODINGS = new HashMap<>();
  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    for (String entry : TABLE.strip().split("\\s+")) {
      int equals = entry.indexOf('=');
      String[] parts = entry.substring(equals + 1).split("\\.");
      int encoding = 1 << 14 | Integer.parseInt(parts[0]) << 11 | Integer.parseInt(parts[1]) << 7
          | Integer.parseInt(parts[2]) << 3 | Integer.parseInt(parts[3]);
      ENCODINGS.put(entry.substring(0, equals), encoding);
      NAMES.put(encoding, entry.substring(0, equals).replace('.', ' '));
    }
  }

  private SystemOperationName() {
  }

  /** The encoding of {@code kind} (ic, dc, at, tlbi) and {@code name}, or -1. */
  public static int encoding(String kind, String name) {
    return ENCODINGS.getOrDefault(kind + "." + name, -1);
  }

  /** Kind and name such as {@code tlbi vae1is}, or null if the encoding is none of ARMv8.0. */
  public static String of(int encoding) {
    return NAMES.get(encoding);
  }
}
