// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlNamespace;

/** A machine whose tables a topology is made of. */
@ProviderType
public interface FoundMachine {
  /** All tables. */
  TableSet tables();

  /** The objects of DSDT and SSDTs. */
  AmlNamespace namespace();

  /** The devices of the namespace that have a hardware id and are there, in its order. */
  List<FoundDevice> devices();

  /**
   * The {@code phandle} of the node of a device.
   *
   * @param path in the namespace, from the root
   */
  int phandle(String path);

  /** The {@code phandle} of a clock of a fixed rate in Hz. */
  int clock(int hertz);

  /**
   * Notes what tables say and no node has, or what a node has and no table says.
   *
   * @param place  in the namespace, or the table and offset
   * @param what   isn't understood, or was assumed
   * @param remedy what the user can do, or what comes in its place
   */
  void untold(String place, String what, String remedy);
}
