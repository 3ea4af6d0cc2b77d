// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.Collection;
import org.osgi.annotation.versioning.ConsumerType;

/** Firmware that lies in a machine's flash and is the first that its CPU executes; an OSGi service, as a {@link FirmwareKind}, too. */
@ConsumerType
public interface FirmwareSource extends FirmwareKind {
  /**
   * Whether a text of the option {@code firmware} means firmware in flash: of a kind that is one of these or, where no kind has that name, a
   * file.
   */
  static boolean isMeant(String text, Collection<FirmwareKind> kinds) {
    return kinds.stream().filter(kind -> kind.name().equals(text)).findFirst().map(FirmwareSource.class::isInstance).orElse(true);
  }

  @Override
  default boolean startsLoaders() {
    return true;
  }

  /** Whether it can be had; never touches the network and takes milliseconds. */
  Availability availability();

  /**
   * Gives its files, fetching and preparing them when needed. Safe to call at the same time from several threads and processes.
   *
   * @throws BootException when it can't be had
   */
  FirmwareFiles obtain(ProgressListener progress);
}
