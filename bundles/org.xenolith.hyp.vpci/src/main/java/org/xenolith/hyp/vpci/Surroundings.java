package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.P2mPort;

/**
 * What functions act on.
 *
 * @param hardware the machine
 * @param p2m      stage 2
 * @param messages interrupt translation
 * @param refusals where refusals are told
 */
record Surroundings(Hardware hardware, P2mPort p2m, DeviceMessagesPort messages, Refusals refusals) { }
