// SPDX-License-Identifier: EPL-2.0
/** Places for devices, and what a model that is in one is given of the machine. */
package org.xenolith.machine.places;
