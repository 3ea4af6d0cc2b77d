// SPDX-License-Identifier: EPL-2.0
/**
 * Ethernet inside a machine. Whatever has a network connection (a back end, a network card's model, a line to the outside)
 * joins a segment by name at the port {@link org.xenolith.net.api.EthernetPort} and is a station there; a provider behind the
 * port, the switch, carries frames between stations. Frames begin with the destination address and have no check sequence at
 * the end. Everything runs on the machine's thread.
 */
@NullMarked
package org.xenolith.net.api;

import org.jspecify.annotations.NullMarked;
