// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What a person may see of firmware with boot services. Asked on the machine's thread only. */
@ConsumerType
public interface Inspection {
  /** Questions that there are: words such as {@code dh}, each with what it is answered. */
  List<String> questions();

  /**
   * Answers a question.
   *
   * @param question the first word of one of {@link #questions}
   * @return lines; empty if the firmware isn't running
   * @throws IllegalArgumentException if there is no such question
   */
  List<String> answer(String question);
}
