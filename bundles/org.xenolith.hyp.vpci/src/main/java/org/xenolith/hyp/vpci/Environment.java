// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.api.P2mPort;

/**
 * What functions act on.
 *
 * @param hardware the machine
 * @param p2m      stage 2
 * @param messages interrupt translation
 * @param shares   shares of a message frame
 * @param translation messages of the machine's
 * @param iommus   what stands between functions and memory
 * @param refusals where refusals are told
 */
record Environment(Hardware hardware, P2mPort p2m, DeviceMessagesPort messages, MessageSharesPort shares,
    MessageTranslationPort translation, IommusPort iommus,
    Refusals refusals) {}
