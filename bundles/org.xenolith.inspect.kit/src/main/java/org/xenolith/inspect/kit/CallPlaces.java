// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPlace;

/** Where instructions that call begin and end, as far as {@link InspectedProcessor#calls} tells: it has an address within each, whose next instruction is known by where it is executed only. */
public final class CallPlaces {
  /** Bytes from such an address to the end of its instruction at most. */
  private static final int REST = 4;
  /** Bytes of an instruction at most (Intel SDM volume 2A, section 2.3.11). */
  private static final int LONGEST = 15;

  private CallPlaces() {}

  /** Where a call comes back to: the places at which the instruction behind it may be. @param call an address within it */
  public static List<StopPlace> behind(long call) {
    return at(call + 1, call + REST);
  }

  /** The places at which an instruction may begin that an address is within. */
  public static List<StopPlace> around(long within) {
    return at(within - LONGEST + 1, within);
  }

  private static List<StopPlace> at(long first, long last) {
    return LongStream.rangeClosed(0, last - first).<StopPlace>mapToObj(each -> new StopPlace.Instruction(first + each)).toList();
  }

  /** An address within the instruction at {@code before}, if that has just called the function where a processor is; empty if it has called none. */
  public static OptionalLong called(InspectedProcessor processor, long before) {
    long here = processor.place().address();
    long[] calls = processor.calls(2, address -> address);
    boolean calling = calls.length > 1 && here != before && Long.compareUnsigned(calls[1] - before, LONGEST) < 0;
    return calling ? OptionalLong.of(calls[1]) : OptionalLong.empty();
  }
}
