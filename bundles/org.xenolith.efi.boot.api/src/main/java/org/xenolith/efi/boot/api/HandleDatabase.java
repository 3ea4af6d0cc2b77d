// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.efi.api.EfiGuid;

/** Handles and the interfaces of protocols that are installed on them (UEFI 2.10, 7.3). */
@ProviderType
public interface HandleDatabase {
  /**
   * One use of an interface (UEFI 2.10, 7.3.11).
   *
   * @param agent      who opened it: the handle of an image or of a driver's binding
   * @param controller for which controller; 0: none
   * @param attributes of OpenProtocol
   * @param count      how often
   */
  record Use(long agent, long controller, int attributes, int count) {}

  /** Attribute of OpenProtocol: nothing is recorded but the use. */
  int GET_PROTOCOL = 2;
  /** Attribute: the agent only asks whether it could. */
  int TEST_PROTOCOL = 4;
  /** Attribute: a bus driver's child uses its parent. */
  int BY_CHILD_CONTROLLER = 8;
  /** Attribute: a driver manages it. */
  int BY_DRIVER = 16;

  /**
   * Installs a protocol.
   *
   * @param handle  0: a new one is made
   * @param address of the interface; 0 for a protocol without one
   * @return the handle
   * @throws EfiError INVALID_PARAMETER: no such handle, or it has the protocol already
   */
  long install(long handle, EfiGuid protocol, long address);

  /**
   * Takes a protocol away that nobody has opened as a driver. Who must have drivers disconnected first calls the boot service.
   *
   * @throws EfiError NOT_FOUND; ACCESS_DENIED while it is opened by a driver
   */
  void uninstall(long handle, EfiGuid protocol, long address);

  /** Whether there is such a handle. */
  boolean exists(long handle);

  /** Whether a handle has a protocol. */
  boolean has(long handle, EfiGuid protocol);

  /** The interface; 0 if there is none, or the protocol has none. */
  long find(long handle, EfiGuid protocol);

  /** All handles, or those with a protocol, in the order of their making. @param protocol null: all */
  List<Long> handles(@Nullable EfiGuid protocol);

  /** A handle's protocols, the latest first. */
  List<EfiGuid> protocols(long handle);

  /**
   * Opens a protocol as OpenProtocol does, unless that would have to disconnect a driver first.
   *
   * @return the interface
   * @throws EfiError UNSUPPORTED: the handle hasn't it; ALREADY_STARTED, ACCESS_DENIED: somebody manages it
   */
  long open(long handle, EfiGuid protocol, long agent, long controller, int attributes);

  /** Ends such a use. @throws EfiError NOT_FOUND */
  void close(long handle, EfiGuid protocol, long agent, long controller);

  /** Who uses a protocol of a handle. */
  List<Use> uses(long handle, EfiGuid protocol);
}
