// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import org.xenolith.efi.api.VariableName;

/** A way in to EFI's runtime services. Each answers as text, in the same words, what a caller can see of the answer. */
interface EfiWay {
  String getTime();

  /** @param time 16 bytes */
  String setTime(byte[] time);

  String getWakeupTime();

  /** @param time 16 bytes, or null for none */
  String setWakeupTime(boolean enable, byte[] time);

  String count();

  String get(VariableName name, int room);

  String set(VariableName name, int attributes, byte[] data);

  String next(VariableName previous, int room);

  String query(int attributes);

  String capsule(byte[] header);
}
