// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.Map;

/** What a virtual CPU is beside {@code Vcpu} if its registers can be shown to people. */
public interface NamedRegisters {
  /**
   * What its guest has in its registers, by the names that the manual has; first comes where it goes on. Looking changes nothing.
   *
   * @return none while a physical CPU executes its code, which has them then
   */
  Map<String, Long> registers();
}
