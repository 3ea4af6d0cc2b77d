// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** Counts and traces what happens in a machine. Never on the hot path, never throws. */
@ProviderType
public interface EventLog {
  /**
   * Reports one event.
   *
   * @param kind  what happened, lower-case words joined by '-', for example {@code unmodelled-access}
   * @param place device instance or other place
   * @param text  details for a person: addresses in hexadecimal, units
   */
  void report(String kind, String place, String text);

  /**
   * Reports an event that people are told of also where they ask for none: something that is no doing of the guest's, that the machine
   * boots again, or why nothing goes on in it. The parameters are those of {@link #report}, which is also what it is for a listener that
   * makes no difference.
   */
  default void announce(String kind, String place, String text) {
    report(kind, place, text);
  }

  /**
   * Reports that the host could not do what a device asked of it, such as to read the image of a disk. People are told, as of what is
   * {@linkplain #announce announced}, but of each reason once: the guest, which is told of an error of the medium, asks again and again.
   * The parameters are those of {@link #report}, which is also what it is for a listener that makes no difference.
   */
  default void hostFailed(String kind, String place, String text) {
    report(kind, place, text);
  }
}
