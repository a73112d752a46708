-- The name a device has in the hub: the one it was given, else its own id.
SELECT coalesce(to_jsonb(d) #>> '{metadata,iotHubDeviceName}', d.id::text)
FROM device d;
