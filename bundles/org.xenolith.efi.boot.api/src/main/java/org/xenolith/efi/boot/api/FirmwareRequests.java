// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What a person may have firmware do while its boot services are there. Asked on the machine's thread, at a safe point. */
@ConsumerType
public interface FirmwareRequests {
  /**
   * Takes a request, which is carried out by the guest's processor when notification functions may be called next (TPL_CALLBACK); an event says how it
   * went.
   *
   * @param words {@code connect} or {@code disconnect}; then, if several are running, which firmware, by the name that {@code dh} says; then a handle by
   *              its number in {@code dh}, or, with {@code 0x}, as {@link HandleFacts#handle} has it. {@code connect} without one connects all
   * @return what a person reads
   * @throws IllegalArgumentException if it can't be done; says why
   */
  String request(List<String> words);
}
