-- Orthanc hands every object that it stored on to casekin, and tries again later where casekin doesn't answer.
function OnStoredInstance(instanceId, tags, metadata, origin)
  if origin["RequestOrigin"] ~= "Lua" then
    SendToModality(instanceId, "casekin")
  end
end
