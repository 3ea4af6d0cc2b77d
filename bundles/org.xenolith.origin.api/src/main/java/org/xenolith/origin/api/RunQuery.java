// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.function.LongConsumer;
import org.osgi.annotation.versioning.ProviderType;

/** A question over a run. For one thread, but for {@link #cancel}. */
@ProviderType
public interface RunQuery {
  /** What is asked, for people. */
  String text();

  /** Instructions of all CPUs that are executed again for the answer. */
  long cost();

  /**
   * Answers it.
   *
   * @param most     rows that are kept; what comes behind is counted only
   * @param progress told now and then how many of {@link #cost} instructions have been executed
   * @return the rows that there were until the end, or until somebody gave up
   */
  QueryTable run(int most, LongConsumer progress);

  /** Has {@link #run} come back soon with what it has. Any thread. */
  void cancel();
}
