// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** Options of a device: what the topology or who starts the machine says, else the initial values of the model's description. */
@ProviderType
public interface DeviceOptions {
  /**
   * An option that is true or false.
   *
   * @throws ModelException if its value is neither, or the model's description has no such option
   */
  boolean flag(String name);

  /**
   * An option that is a number.
   *
   * @throws ModelException if its value is none, decimal (010 is ten) or 0x, or the model's description has no such option
   */
  long number(String name);

  /**
   * An option that is text.
   *
   * @throws ModelException if the model's description has no such option
   */
  String text(String name);
}
