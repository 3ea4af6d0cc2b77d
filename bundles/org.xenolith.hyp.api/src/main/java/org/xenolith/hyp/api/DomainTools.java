// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What a person or script does to domains, in the manner of {@code xl}. */
@ConsumerType
public interface DomainTools {
  /**
   * Executes one command, on the machine's thread at a safe point.
   *
   * @param words the command's name and its arguments, as after {@code xl}
   * @return what a person reads, with line ends; empty for nothing
   * @throws HypervisorException if it can't be done
   */
  String execute(List<String> words);
}
