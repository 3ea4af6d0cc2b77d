// SPDX-License-Identifier: EPL-2.0
/** Where guest time goes: samples, symbols, exits; as text, collapsed stacks and a flame graph. */
package org.xenolith.profile;
