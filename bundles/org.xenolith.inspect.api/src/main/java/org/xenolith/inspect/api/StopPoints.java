// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/** Where a machine stops. What it comes to is the same with and without. To be used as {@link MachineInspector#of} says. */
@ProviderType
public interface StopPoints {
  /**
   * Has the machine stop at a place, from now on: its run ends as if {@code Machine.stop} had been called there.
   *
   * @param condition asked each time that the place is reached, whether it is to stop. At an address, the machine may be looked into then; of an exception, an exit or an event
   *                  nothing but what is reported is known yet
   * @throws IllegalArgumentException if the machine has no such device or window
   * @throws org.xenolith.machine.api.ModelException if a processor's model can't tell
   */
  StopPoint add(StopPlace place, Predicate<StopReport> condition);

  /** The same without a condition. */
  default StopPoint add(StopPlace place) {
    return add(place, report -> true);
  }

  /**
   * The same for many at once, of which each is told by one condition, and without others from now on.
   *
   * @param closed points of this view at which the machine doesn't stop any more
   * @param places where it does
   * @return a point for each of the places, in their order
   * @throws IllegalArgumentException if the machine has no such device or window; then nothing has changed
   * @throws org.xenolith.machine.api.ModelException if a processor's model can't tell; then nothing has changed
   */
  List<StopPoint> change(List<StopPoint> closed, List<StopPlace> places, Predicate<StopReport> condition);

  /** What was reached, and whose condition held, since this was asked last. */
  List<StopReport> take();
}
