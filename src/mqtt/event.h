/* event.h (of the room mqtt): from what a sensor reported to the message that tells it. */
#ifndef MI32_MQTT_EVENT_H
#define MI32_MQTT_EVENT_H

#include "base/json.h"
#include "mqtt/describe.h"
#include "mqtt/queue.h"

/* An event that goes out later than this after it happened is marked late. */
#define MQTT_LATE_MS 30000

/* Queues the events of one change. False when it is lost for want of memory or pushed out another.
 */
bool mqtt_event_queue(struct mqtt_queue *queue, const struct registry *registry,
                      const struct registry_change *change);

/* "mi32/<site>/dev/<mac12>/event". */
bool mqtt_event_topic(const struct mqtt_scene *scene, const struct mqtt_record *record, char *out,
                      size_t size);

/* Writes the message, one flat object: ts (wall time of the hearing, absent while nobody has set
 * the clock), gw, name, mac, fid, rssi, authentic, then the values under their vocabulary names,
 * and "late":true when it is. */
void mqtt_event_write(const struct mqtt_scene *scene, const struct mqtt_record *record,
                      struct json *j);

#endif
