// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

/** Where operations are entered by their number, {@code XEN_SYSCTL_*}. */
@FunctionalInterface
interface Registration {
  void serve(int number, Operation operation);
}
